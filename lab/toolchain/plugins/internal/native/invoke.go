package native

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Invoke answers what a program asks without making anything.
func (s *server) Invoke(ctx context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	function, ok := s.provider.Functions[r.GetTok()]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "%s: unknown function %s", s.provider.Name, r.GetTok())
	}
	args, err := fromPulumi(r.GetArgs())
	if err != nil {
		return nil, err
	}
	call, done := s.call(ctx, "", 0)
	defer done()
	found, err := function(call, bare(args))
	if err != nil {
		return nil, err
	}
	answer, err := toPulumi(found)
	return &pulumirpc.InvokeResponse{Return: answer}, err
}
