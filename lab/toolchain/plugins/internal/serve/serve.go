// Package serve runs a resource plugin the way the Pulumi engine expects one to behave.
package serve

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// Main answers --version or serves what create makes, until the engine whose address is the first
// argument goes away. An engine that is killed cannot tell its plugins to stop, hence the health check.
func Main(version string, create func(engine string) (pulumirpc.ResourceProviderServer, error)) {
	ask := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *ask {
		fmt.Println(version)
		return
	}
	if err := run(flag.Arg(0), create); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(engine string, create func(string) (pulumirpc.ResourceProviderServer, error)) error {
	provider, err := create(engine)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, time.Minute, cancel); err != nil {
			return err
		}
	}
	stop := make(chan bool)
	go func() { <-ctx.Done(); close(stop) }()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(server, provider)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port) // the engine reads the port from the first line
	return <-handle.Done
}

// Timeout bounds a context by a resource's custom timeout in seconds; 0 means none.
func Timeout(ctx context.Context, seconds float64) (context.Context, context.CancelFunc) {
	if seconds <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
}
