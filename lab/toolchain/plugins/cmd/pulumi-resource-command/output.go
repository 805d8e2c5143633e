package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// output is what a command wrote, without the last line break.
type output struct{ stdout, stderr string }

func (o output) props() native.Props {
	return native.Props{
		"stdout": resource.NewStringProperty(o.stdout),
		"stderr": resource.NewStringProperty(o.stderr),
	}
}

// recorder collects a command's streams apart and together, and shows lines as they come.
type recorder struct {
	mutex            sync.Mutex // both streams write from goroutines of their own
	out, err, joined bytes.Buffer
	log              func(string)
	logging          string
}

func record(c native.Call, in native.Props) *recorder {
	return &recorder{log: c.Log, logging: text(in, "logging")}
}

func (r *recorder) stdout() io.Writer {
	return &stream{recorder: r, own: &r.out, shown: r.shows("stdout")}
}
func (r *recorder) stderr() io.Writer {
	return &stream{recorder: r, own: &r.err, shown: r.shows("stderr")}
}

func (r *recorder) shows(name string) bool {
	return r.logging == "" || r.logging == "stdoutAndStderr" || r.logging == name
}

func (r *recorder) output() output {
	return output{strings.TrimSuffix(r.out.String(), "\n"), strings.TrimSuffix(r.err.String(), "\n")}
}

// result is the output, or an error that shows the command and all it wrote, as the official plugin's does:
// secrets belong on stdin, not in the command.
func (r *recorder) result(line string, err error) (output, error) {
	if err != nil {
		return output{}, fmt.Errorf("%w: running %q:\n%s", err, line, r.joined.String())
	}
	return r.output(), nil
}

type stream struct {
	*recorder
	own   *bytes.Buffer
	shown bool
}

func (s *stream) Write(chunk []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.own.Write(chunk)
	s.joined.Write(chunk)
	if s.shown {
		for _, line := range strings.Split(strings.TrimRight(string(chunk), "\n"), "\n") {
			s.log(line)
		}
	}
	return len(chunk), nil
}
