// Command pulumi-resource-command runs shell commands here or over SSH, with the semantics of the official
// plugin: without an update command any change runs create again, delete runs with what the state holds,
// and triggers replace.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// version is set by the build to what the npm package asks for.
var version = "0.0.0"

func main() {
	common := []string{
		"create", "update", "delete", "triggers", "stdin", "environment", "logging", "addPreviousOutputInEnv",
	}
	native.Main(native.Provider{
		Name:    "command",
		Version: version,
		Resources: map[string]native.Resource{
			"command:local:Command":  command(runHere, slices.Concat(common, []string{"interpreter", "dir"})),
			"command:remote:Command": command(runRemote, slices.Concat(common, []string{"connection"}), "connection"),
		},
	})
}

// run executes one line of shell. The output of an earlier run, if any, is offered to it.
type run func(c native.Call, line string, in native.Props, previous output) (output, error)

func command(run run, inputs []string, required ...string) native.Resource {
	runIf := func(c native.Call, line string, in, old native.Props) (native.Props, error) {
		previous := output{text(old, "stdout"), text(old, "stderr")}
		if line == "" {
			return previous.props(), nil
		}
		result, err := run(c, line, in, previous)
		return result.props(), err
	}
	return native.Resource{
		Inputs: inputs, Required: required, Computed: []string{"stdout", "stderr"},
		Replace: map[string]bool{"triggers": true}, SecretByInputs: true,
		Create: func(c native.Call, in native.Props) (string, native.Props, error) {
			id := make([]byte, 8)
			_, _ = rand.Read(id) // never fails, says crypto/rand
			out, err := runIf(c, text(in, "create"), in, nil)
			return hex.EncodeToString(id), out, err
		},
		Update: func(c native.Call, _ string, old, in native.Props) (native.Props, error) {
			line := text(in, "update")
			if line == "" {
				line = text(in, "create")
			}
			return runIf(c, line, in, old)
		},
		Delete: func(c native.Call, _ string, old native.Props) error {
			_, err := runIf(c, text(old, "delete"), old, old)
			return err
		},
	}
}

func text(p native.Props, key resource.PropertyKey) string {
	if v := p[key]; v.IsString() {
		return v.StringValue()
	}
	return ""
}

func number(p native.Props, key resource.PropertyKey, fallback int) int {
	if v := p[key]; v.IsNumber() {
		return int(v.NumberValue())
	}
	return fallback
}

// environment is what the program asks for.
func environment(in native.Props) map[string]string {
	asked := map[string]string{}
	if v := in["environment"]; v.IsObject() {
		for name, value := range v.ObjectValue() {
			if value.IsString() {
				asked[string(name)] = value.StringValue()
			}
		}
	}
	return asked
}

// environment is the previous output as variables, unless the program declines it.
func (o output) environment(in native.Props) map[string]string {
	offered := map[string]string{}
	if wanted := in["addPreviousOutputInEnv"]; wanted.IsBool() && !wanted.BoolValue() {
		return offered
	}
	if o.stdout != "" {
		offered["PULUMI_COMMAND_STDOUT"] = o.stdout
	}
	if o.stderr != "" {
		offered["PULUMI_COMMAND_STDERR"] = o.stderr
	}
	return offered
}
