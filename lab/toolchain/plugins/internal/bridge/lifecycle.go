package bridge

import (
	"context"
	"errors"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"olympus-fleet/lab/toolchain/plugins/internal/serve"
)

// halfDone reports a resource that exists although the operation failed: it must be stored, or the next
// run would try to create it a second time.
func halfDone(id string, outputs, inputs *structpb.Struct, cause error) error {
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, cause.Error()), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: outputs, Inputs: inputs, Reasons: []string{cause.Error()},
	})
}

func (s *server) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	news, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	ctx, cancel := serve.Timeout(ctx, r.GetTimeout())
	defer cancel()
	p, err := s.plan(ctx, k, "", nil, news, nil)
	if err != nil {
		return nil, err
	}
	if r.GetPreview() {
		_, outputs, err := k.outputs(p.after, nil)
		return &pulumirpc.CreateResponse{Properties: outputs}, err
	}
	id, outputs, err := s.carryOut(ctx, k, p, r.GetProperties())
	return &pulumirpc.CreateResponse{Id: id, Properties: outputs}, err
}

func (s *server) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, news, err := both(r.GetOlds(), r.GetNews())
	if err != nil {
		return nil, err
	}
	ctx, cancel := serve.Timeout(ctx, r.GetTimeout())
	defer cancel()
	p, err := s.plan(ctx, k, r.GetId(), olds, news, r.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	if r.GetPreview() || p.same() {
		_, outputs, err := k.outputs(p.after, p.priorPrivate)
		return &pulumirpc.UpdateResponse{Properties: outputs}, err
	}
	_, outputs, err := s.carryOut(ctx, k, p, r.GetNews())
	return &pulumirpc.UpdateResponse{Properties: outputs}, err
}

// carryOut applies a plan that leaves a resource behind.
func (s *server) carryOut(
	ctx context.Context, k *kind, p *plan, inputs *structpb.Struct,
) (string, *structpb.Struct, error) {
	state, private, failed := s.apply(ctx, k, p)
	if state.IsNull() {
		if failed == nil {
			failed = errors.New("the upstream provider reported success and no resource")
		}
		return "", nil, failed
	}
	id, outputs, err := k.outputs(state, private)
	if err == nil && failed != nil {
		err = halfDone(id, outputs, inputs, failed)
	}
	return id, outputs, err
}

func (s *server) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	ctx, cancel := serve.Timeout(ctx, r.GetTimeout())
	defer cancel()
	prior, private, err := k.state(r.GetId(), olds)
	if err != nil {
		return nil, err
	}
	gone := cty.NullVal(k.ty)
	_, _, err = s.apply(ctx, k, &plan{prior: prior, after: gone, config: gone, plannedPrivate: private})
	return &emptypb.Empty{}, err
}
