package bridge

import (
	"context"

	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
)

// Read refreshes a resource of the state, or imports one by its ID. An answer without ID means it is gone.
func (s *server) Read(ctx context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := fromPulumi(r.GetProperties())
	if err != nil {
		return nil, err
	}
	imports := len(olds) == 0
	var current *tfprotov5.DynamicValue
	var private []byte
	if imports {
		current, private, err = s.find(ctx, k, r.GetId())
	} else {
		var state cty.Value
		if state, private, err = k.state(r.GetId(), olds); err == nil {
			current, err = toTerraform(state, k.ty)
		}
	}
	if err != nil || current == nil {
		return &pulumirpc.ReadResponse{}, err
	}
	answer, err := s.terraform.ReadResource(ctx, &tfprotov5.ReadResourceRequest{
		TypeName: k.terraform, CurrentState: current, Private: private,
	})
	if err == nil {
		err = failure(answer.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	state, err := fromTerraform(answer.NewState, k.ty)
	if err != nil || state.IsNull() {
		return &pulumirpc.ReadResponse{}, err
	}
	id, outputs, err := k.outputs(state, answer.Private)
	if err != nil {
		return nil, err
	}
	inputs := r.GetInputs()
	if imports {
		inputs, err = k.inputsOf(state)
	}
	return &pulumirpc.ReadResponse{Id: id, Properties: outputs, Inputs: inputs}, err
}

func (s *server) find(ctx context.Context, k *kind, id string) (*tfprotov5.DynamicValue, []byte, error) {
	answer, err := s.terraform.ImportResourceState(ctx, &tfprotov5.ImportResourceStateRequest{TypeName: k.terraform, ID: id})
	if err == nil {
		err = failure(answer.Diagnostics)
	}
	if err != nil || len(answer.ImportedResources) == 0 {
		return nil, nil, err
	}
	return answer.ImportedResources[0].State, answer.ImportedResources[0].Private, nil
}

// inputsOf guesses the program's inputs from a state: all that it could have said.
func (k *kind) inputsOf(state cty.Value) (*structpb.Struct, error) {
	inputs := decodeObject(state, k.attributes, k.Names)
	delete(inputs, "id")
	for name, a := range k.attributes {
		if !a.input() {
			delete(inputs, names(k.Names).property(name, a))
		}
	}
	inputs[defaultsKey] = resource.NewArrayProperty(nil)
	return toPulumi(inputs)
}

// Invoke reads a data source.
func (s *server) Invoke(ctx context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	k, ok := s.data[r.GetTok()]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "%s: unknown function %s", s.provider.Name, r.GetTok())
	}
	args, err := fromPulumi(r.GetArgs())
	if err != nil {
		return nil, err
	}
	config, err := encodeObject(args, k.ty, k.attributes, k.Names)
	if err != nil {
		return nil, err
	}
	sent, err := toTerraform(config, k.ty)
	if err != nil {
		return nil, err
	}
	answer, err := s.terraform.ReadDataSource(ctx, &tfprotov5.ReadDataSourceRequest{TypeName: k.terraform, Config: sent})
	if err == nil {
		err = failure(answer.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	state, err := fromTerraform(answer.State, k.ty)
	if err != nil {
		return nil, err
	}
	_, outputs, err := k.outputs(state, nil)
	return &pulumirpc.InvokeResponse{Return: outputs}, err
}
