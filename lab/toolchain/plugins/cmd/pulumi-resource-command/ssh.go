package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// dial connects, if need be through the connection's proxy, and retries while a host is still starting.
func dial(ctx context.Context, connection native.Props) (*ssh.Client, error) {
	target, err := newEndpoint(connection)
	if err != nil {
		return nil, err
	}
	defer target.release()
	var proxy *endpoint
	if via := connection["proxy"]; via.IsObject() {
		if proxy, err = newEndpoint(via.ObjectValue()); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
		defer proxy.release()
	}
	limit := number(connection, "dialErrorLimit", 10) // -1: no limit
	for attempt := 1; ; attempt++ {
		client, err := dialOnce(ctx, target, proxy)
		if err == nil {
			return client, nil
		}
		if limit >= 0 && attempt > limit {
			return nil, fmt.Errorf("after %d failed attempts: %w", attempt, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(min(time.Duration(attempt)*250*time.Millisecond, 5*time.Second)):
		}
	}
}

func dialOnce(ctx context.Context, target, proxy *endpoint) (*ssh.Client, error) {
	if proxy == nil {
		dialer := net.Dialer{Timeout: target.config.Timeout}
		conn, err := dialer.DialContext(ctx, "tcp", target.address)
		if err != nil {
			return nil, err
		}
		return target.handshake(conn)
	}
	hop, err := dialOnce(ctx, proxy, nil)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	conn, err := hop.DialContext(ctx, "tcp", target.address)
	if err != nil {
		hop.Close()
		return nil, err
	}
	client, err := target.handshake(conn)
	if err != nil {
		hop.Close()
		return nil, err
	}
	go func() { _ = client.Wait(); hop.Close() }() // the proxy connection lives as long as its passenger
	return client, nil
}

// endpoint is a server and how to log in there.
type endpoint struct {
	address string
	config  *ssh.ClientConfig
	agent   net.Conn // nil without an agent
}

func (e *endpoint) release() {
	if e.agent != nil {
		e.agent.Close()
	}
}

// handshake bounds the exchange of keys too: a host may accept a connection and then say nothing.
func (e *endpoint) handshake(conn net.Conn) (*ssh.Client, error) {
	timer := time.AfterFunc(e.config.Timeout, func() { conn.Close() })
	defer timer.Stop()
	c, channels, requests, err := ssh.NewClientConn(conn, e.address, e.config)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return ssh.NewClient(c, channels, requests), nil
}

func newEndpoint(connection native.Props) (*endpoint, error) {
	config := &ssh.ClientConfig{
		User:            text(connection, "user"),
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), // what the official plugin does without hostKey
		Timeout:         time.Duration(number(connection, "perDialTimeout", 15)) * time.Second,
	}
	if config.User == "" {
		config.User = "root"
	}
	if pinned := text(connection, "hostKey"); pinned != "" {
		if err := pin(config, pinned); err != nil {
			return nil, err
		}
	}
	if key := text(connection, "privateKey"); key != "" {
		signer, err := parseKey(key, text(connection, "privateKeyPassword"))
		if err != nil {
			return nil, fmt.Errorf("privateKey: %w", err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if password := text(connection, "password"); password != "" {
		config.Auth = append(config.Auth, ssh.Password(password), ssh.KeyboardInteractive(answerWith(password)))
	}
	e := &endpoint{config: config}
	e.address = net.JoinHostPort(text(connection, "host"), strconv.Itoa(number(connection, "port", 22)))
	socket := text(connection, "agentSocketPath")
	if socket == "" {
		socket = os.Getenv("SSH_AUTH_SOCK")
	}
	if socket != "" {
		var err error
		if e.agent, err = net.Dial("unix", socket); err != nil {
			return nil, fmt.Errorf("SSH agent: %w", err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeysCallback(agent.NewClient(e.agent).Signers))
	}
	return e, nil
}

// answerWith gives the password to whatever a server that knows no plain password log-in asks.
func answerWith(password string) ssh.KeyboardInteractiveChallenge {
	return func(_, _ string, questions []string, _ []bool) ([]string, error) {
		answers := make([]string, len(questions))
		for i := range answers {
			answers[i] = password
		}
		return answers, nil
	}
}

// pin accepts one host key only, and asks the server for that type of key.
func pin(config *ssh.ClientConfig, authorizedKey string) error {
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(authorizedKey))
	if err != nil {
		return fmt.Errorf("hostKey: %w", err)
	}
	config.HostKeyCallback, config.HostKeyAlgorithms = ssh.FixedHostKey(key), []string{key.Type()}
	if key.Type() == ssh.KeyAlgoRSA { // signed with SHA-2 nowadays
		config.HostKeyAlgorithms = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return nil
}

func parseKey(key, password string) (ssh.Signer, error) {
	if password != "" {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(key), []byte(password))
	}
	return ssh.ParsePrivateKey([]byte(key))
}
