package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

func quiet(t *testing.T) native.Call {
	return native.Call{Context: t.Context(), Log: func(string) {}}
}

func inputs(pairs ...string) native.Props {
	p := native.Props{}
	for i := 0; i < len(pairs); i += 2 {
		p[resource.PropertyKey(pairs[i])] = resource.NewStringProperty(pairs[i+1])
	}
	return p
}

func variables(pairs ...string) resource.PropertyValue {
	return resource.NewObjectProperty(inputs(pairs...))
}

func TestWithoutUpdateAChangeRunsCreateAgainAndSeesThePreviousOutput(t *testing.T) {
	here := command(runHere, nil)
	old := inputs("stdout", "before")
	out, err := here.Update(quiet(t), "id", old, inputs("create", "echo new after $PULUMI_COMMAND_STDOUT"))
	if err != nil || text(out, "stdout") != "new after before" {
		t.Fatal(out, err)
	}
	out, err = here.Update(quiet(t), "id", old, inputs("create", "echo create", "update", "echo update"))
	if err != nil || text(out, "stdout") != "update" {
		t.Fatal(out, err)
	}
	out, err = here.Update(quiet(t), "id", old, native.Props{})
	if err != nil || text(out, "stdout") != "before" {
		t.Fatal("nothing to run must keep the output", out, err)
	}
}

func TestDeleteRunsWithWhatTheStateHolds(t *testing.T) {
	state := inputs("delete", `test "$(cat)" = content && test "$NAME" = value`, "stdin", "content")
	state["environment"] = variables("NAME", "value")
	if err := command(runHere, nil).Delete(quiet(t), "id", state); err != nil {
		t.Fatal(err)
	}
}

func TestAFailureShowsTheCommandAndBothStreamsButNotStdin(t *testing.T) {
	_, err := runHere(quiet(t), "echo out; echo err >&2; exit 4", inputs("stdin", "secret"), output{})
	if err == nil || !strings.Contains(err.Error(), "exit status 4") ||
		!strings.Contains(err.Error(), "out\n") || !strings.Contains(err.Error(), "err\n") {
		t.Fatal(err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Fatal("stdin leaked:", err)
	}
}

func TestLoggingSaysWhatIsShownWhileItRuns(t *testing.T) {
	for logging, want := range map[string]string{
		"": "err out", "stdoutAndStderr": "err out", "stdout": "out", "stderr": "err", "none": "",
	} {
		var shown []string
		call := native.Call{Context: t.Context(), Log: func(line string) { shown = append(shown, line) }}
		_, err := runHere(call, "echo err >&2; sleep 0.02; echo out", inputs("logging", logging), output{})
		if got := strings.Join(shown, " "); err != nil || got != want {
			t.Errorf("logging %q shows %q: %v", logging, got, err)
		}
	}
}

func TestRemoteStdinAndEnvironment(t *testing.T) {
	s := serveSSH(t)
	in := inputs("stdin", "content")
	in["connection"], in["environment"] = s.connection(nil), variables("OK_NAME", "value")
	out, err := runRemote(quiet(t), "cat; echo $OK_NAME; echo warning >&2", in, output{})
	if err != nil || out != (output{"contentvalue", "warning"}) {
		t.Fatal(out, err)
	}
}

func TestRemoteRefusedVariableIsAnError(t *testing.T) {
	in := inputs()
	in["connection"], in["environment"] = serveSSH(t).connection(nil), variables("NAME", "value")
	_, err := runRemote(quiet(t), "true", in, output{})
	if err == nil || !strings.Contains(err.Error(), "refuses variable NAME") {
		t.Fatal(err)
	}
}

func TestRemoteAcceptsThePinnedHostKeyOnly(t *testing.T) {
	s := serveSSH(t)
	other := serveSSH(t).hostKey
	in := native.Props{"connection": s.connection(inputs("hostKey", other))}
	if _, err := runRemote(quiet(t), "true", in, output{}); err == nil || !strings.Contains(err.Error(), "host key mismatch") {
		t.Fatal(err)
	}
}

func TestRemoteExitStatusAndOutput(t *testing.T) {
	in := native.Props{"connection": serveSSH(t).connection(nil)}
	_, err := runRemote(quiet(t), "echo why; exit 3", in, output{})
	if err == nil || !strings.Contains(err.Error(), "status 3") || !strings.Contains(err.Error(), "why") {
		t.Fatal(err)
	}
}

func TestRemoteThroughAProxy(t *testing.T) {
	s, proxy := serveSSH(t), serveSSH(t)
	in := native.Props{"connection": s.connection(native.Props{"proxy": proxy.connection(nil)})}
	out, err := runRemote(quiet(t), "echo through", in, output{})
	if err != nil || out.stdout != "through" {
		t.Fatal(out, err)
	}
}

func TestACommandEndsWhenTheOperatorStops(t *testing.T) {
	remote := native.Props{"connection": serveSSH(t).connection(nil)}
	for name, try := range map[string]func(native.Call) (output, error){
		"local": func(c native.Call) (output, error) { return runHere(c, "echo started; sleep 4; true", nil, output{}) },
		"remote": func(c native.Call) (output, error) {
			return runRemote(c, "echo started; sleep 4; true", remote, output{})
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		begin := time.Now()
		_, err := try(native.Call{Context: ctx, Log: func(string) { cancel() }})
		if err == nil || time.Since(begin) > 3*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(begin))
		}
	}
}
