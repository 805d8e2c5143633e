package main

import (
	"context"
	"fmt"
	"strings"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

func runRemote(c native.Call, line string, in native.Props, previous output) (output, error) {
	if !in["connection"].IsObject() {
		return output{}, fmt.Errorf("connection is missing")
	}
	client, err := dial(c.Context, in["connection"].ObjectValue())
	if err != nil {
		return output{}, err
	}
	defer client.Close()
	// A stopped run must not leave the operator waiting for the far end.
	defer context.AfterFunc(c.Context, func() { client.Close() })()
	session, err := client.NewSession()
	if err != nil {
		return output{}, err
	}
	defer session.Close()
	for name, value := range environment(in) {
		if err := session.Setenv(name, value); err != nil {
			return output{}, fmt.Errorf("the server refuses variable %s (its AcceptEnv must allow it): %w", name, err)
		}
	}
	for name, value := range previous.environment(in) {
		if session.Setenv(name, value) != nil {
			c.Log(fmt.Sprintf("the server refuses variable %s (its AcceptEnv must allow it)", name))
		}
	}
	if stdin := text(in, "stdin"); stdin != "" {
		session.Stdin = strings.NewReader(stdin)
	}
	r := record(c, in)
	session.Stdout, session.Stderr = r.stdout(), r.stderr()
	return r.result(line, session.Run(line))
}
