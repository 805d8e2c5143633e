package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"golang.org/x/crypto/ssh"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// server is an SSH server on the loopback that runs commands with /bin/sh, accepts variables that begin with
// OK_ and forwards connections.
type server struct {
	config    *ssh.ServerConfig
	port      float64
	hostKey   string // as in authorized_keys
	clientKey string // PEM
}

func newKey(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

func serveSSH(t *testing.T) *server {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	host, _ := newKey(t)
	client, clientPEM := newKey(t)
	s := &server{hostKey: string(ssh.MarshalAuthorizedKey(host.PublicKey())), clientKey: clientPEM}
	s.config = &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(client.PublicKey().Marshal()) {
			return nil, os.ErrPermission
		}
		return nil, nil
	}}
	s.config.AddHostKey(host)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s.port = float64(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

func (s *server) serve(conn net.Conn) {
	_, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		if offer.ChannelType() == "direct-tcpip" {
			go forward(offer)
		} else if channel, asked, err := offer.Accept(); err == nil {
			go session(channel, asked)
		}
	}
}

func forward(offer ssh.NewChannel) {
	var to struct {
		Host       string
		Port       uint32
		OriginHost string
		OriginPort uint32
	}
	_ = ssh.Unmarshal(offer.ExtraData(), &to)
	far, err := net.Dial("tcp", net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))))
	if err != nil {
		_ = offer.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, asked, err := offer.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(asked)
	go func() { _, _ = io.Copy(far, channel); far.Close() }()
	_, _ = io.Copy(channel, far)
	channel.Close()
}

func session(channel ssh.Channel, asked <-chan *ssh.Request) {
	defer channel.Close()
	var env []string
	for request := range asked {
		switch request.Type {
		case "env":
			var variable struct{ Name, Value string }
			_ = ssh.Unmarshal(request.Payload, &variable)
			env = append(env, variable.Name+"="+variable.Value)
			_ = request.Reply(strings.HasPrefix(variable.Name, "OK_"), nil)
		case "exec":
			var line struct{ Text string }
			_ = ssh.Unmarshal(request.Payload, &line)
			_ = request.Reply(true, nil)
			cmd := exec.Command("/bin/sh", "-c", line.Text)
			cmd.Env = append(os.Environ(), env...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = channel, channel, channel.Stderr()
			var status struct{ Code uint32 }
			if cmd.Run() != nil {
				status.Code = uint32(cmd.ProcessState.ExitCode())
			}
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(status))
			return
		default:
			_ = request.Reply(false, nil)
		}
	}
}

// connection is what a program would write to reach the server, except for what the test changes.
func (s *server) connection(changes native.Props) resource.PropertyValue {
	connection := native.Props{
		"host": resource.NewStringProperty("127.0.0.1"), "port": resource.NewNumberProperty(s.port),
		"privateKey": resource.NewStringProperty(s.clientKey), "hostKey": resource.NewStringProperty(s.hostKey),
		"dialErrorLimit": resource.NewNumberProperty(0),
	}
	for key, value := range changes {
		connection[key] = value
	}
	return resource.NewObjectProperty(connection)
}
