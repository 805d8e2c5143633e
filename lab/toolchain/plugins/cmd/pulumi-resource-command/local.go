package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// grace is how long a stopped command may take to end by itself.
const grace = 5 * time.Second

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
	// The command's own children get the operator's Ctrl-C too: one left behind would hold the streams open.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace
	r := record(c, in)
	cmd.Stdout, cmd.Stderr = r.stdout(), r.stderr()
	return r.result(line, cmd.Run())
}
