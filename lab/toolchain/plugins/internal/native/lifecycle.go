package native

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// outputs joins the inputs, with their secret marks, and what came on top.
func (res Resource) outputs(in, computed Props) (*structpb.Struct, error) {
	out := in.Copy()
	secret := res.SecretByInputs && in.ContainsSecrets()
	for _, name := range res.Computed {
		v, ok := computed[resource.PropertyKey(name)]
		if !ok {
			continue
		}
		if secret {
			v = resource.MakeSecret(v)
		}
		out[resource.PropertyKey(name)] = v
	}
	return toPulumi(out)
}

// previewed is outputs for an operation that has not run: what comes on top is not known yet.
func (res Resource) previewed(in Props) (*structpb.Struct, error) {
	out := in.Copy()
	for _, name := range res.Computed {
		out[resource.PropertyKey(name)] = resource.MakeComputed(resource.NewStringProperty(""))
	}
	return toPulumi(out)
}

func (s *server) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	in, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	if r.GetPreview() {
		props, err := res.previewed(in)
		return &pulumirpc.CreateResponse{Properties: props}, err
	}
	call, done := s.call(ctx, r.GetUrn(), r.GetTimeout())
	defer done()
	id, computed, err := res.Create(call, bare(in))
	if err != nil {
		return nil, err
	}
	props, err := res.outputs(in, computed)
	return &pulumirpc.CreateResponse{Id: id, Properties: props}, err
}

func (s *server) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := fromPulumi(r.GetOlds())
	if err != nil {
		return nil, err
	}
	in, err := fromPulumi(r.GetNews())
	if err != nil {
		return nil, err
	}
	if r.GetPreview() {
		props, err := res.previewed(in)
		return &pulumirpc.UpdateResponse{Properties: props}, err
	}
	call, done := s.call(ctx, r.GetUrn(), r.GetTimeout())
	defer done()
	computed, err := res.Update(call, r.GetId(), bare(olds), bare(in))
	if err != nil {
		return nil, err
	}
	props, err := res.outputs(in, computed)
	return &pulumirpc.UpdateResponse{Properties: props}, err
}

func (s *server) Read(ctx context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	same := &pulumirpc.ReadResponse{Id: r.GetId(), Properties: r.GetProperties(), Inputs: r.GetInputs()}
	if res.Read == nil {
		return same, nil
	}
	props, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	call, done := s.call(ctx, r.GetUrn(), 0)
	defer done()
	if len(props) == 0 && res.Import != nil {
		return imported(res, call, r.GetId())
	}
	found, err := res.Read(call, r.GetId(), bare(props))
	if err != nil {
		return nil, err
	}
	if found == nil {
		return &pulumirpc.ReadResponse{}, nil
	}
	for key, v := range found {
		if old, ok := props[key]; ok && old.IsSecret() {
			v = resource.MakeSecret(v)
		}
		props[key] = v
	}
	same.Properties, err = toPulumi(props)
	return same, err
}

// imported answers the Read of a resource that the state does not have yet.
func imported(res Resource, call Call, given string) (*pulumirpc.ReadResponse, error) {
	id, in, computed, err := res.Import(call, given)
	if err != nil || in == nil {
		return &pulumirpc.ReadResponse{}, err
	}
	inputs, err := toPulumi(in)
	if err != nil {
		return nil, err
	}
	props, err := res.outputs(in, computed)
	return &pulumirpc.ReadResponse{Id: id, Properties: props, Inputs: inputs}, err
}

func (s *server) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	call, done := s.call(ctx, r.GetUrn(), r.GetTimeout())
	defer done()
	return &emptypb.Empty{}, res.Delete(call, r.GetId(), bare(olds))
}
