package main

import (
	"os"
	"os/exec"
	"strings"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

func runHere(c native.Call, line string, in native.Props, previous output) (output, error) {
	argv := []string{"/bin/sh", "-c"}
	if interpreter := in["interpreter"]; interpreter.IsArray() && len(interpreter.ArrayValue()) > 0 {
		argv = nil
		for _, word := range interpreter.ArrayValue() {
			argv = append(argv, word.StringValue())
		}
	}
	argv = append(argv, line)
	cmd := exec.CommandContext(c.Context, argv[0], argv[1:]...)
	cmd.Dir = text(in, "dir")
	cmd.Env = os.Environ()
	for _, variables := range []map[string]string{environment(in), previous.environment(in)} {
		for name, value := range variables {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if stdin := text(in, "stdin"); stdin != "" {
		cmd.Stdin = strings.NewReader(stdin)
	}
	r := record(c, in)
	cmd.Stdout, cmd.Stderr = r.stdout(), r.stderr()
	return r.result(line, cmd.Run())
}
