package bridge

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func (s *server) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	config, err := fromPulumi(r.GetNews())
	if err != nil {
		return nil, err
	}
	for key, value := range s.provider.ConfigDefaults {
		if config[key].IsNull() {
			config[key] = value
		}
	}
	inputs, err := toPulumi(config)
	return &pulumirpc.CheckResponse{Inputs: inputs}, err
}

// DiffConfig never asks for a new provider, which would replace every resource made with it.
func (s *server) DiffConfig(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, news, err := both(r.GetOldInputs(), r.GetNews())
	if err != nil {
		return nil, err
	}
	if olds.DeepEquals(news) {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_SOME}, nil
}

func (s *server) Configure(ctx context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	args, err := fromPulumi(r.GetArgs())
	if err != nil {
		return nil, err
	}
	s.parse(args)
	config, err := encodeObject(args, s.configType, s.configAttributes, s.provider.ConfigNames)
	if err != nil {
		return nil, err
	}
	sent, err := toTerraform(config, s.configType)
	if err != nil {
		return nil, err
	}
	prepared, err := s.terraform.PrepareProviderConfig(ctx, &tfprotov5.PrepareProviderConfigRequest{Config: sent})
	if err == nil {
		err = failure(prepared.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	done, err := s.terraform.ConfigureProvider(ctx, &tfprotov5.ConfigureProviderRequest{
		TerraformVersion: "1.5.0", // the oldest that speaks all that protocol 5 has
		Config:           prepared.PreparedConfig,
	})
	if err == nil {
		err = failure(done.Diagnostics)
	}
	return &pulumirpc.ConfigureResponse{SupportsPreview: true}, err
}

// parse reads what Pulumi's SDKs send as JSON in a string: all provider settings that are not strings.
func (s *server) parse(args resource.PropertyMap) {
	for name, a := range s.configAttributes {
		key := names(s.provider.ConfigNames).property(name, a)
		if v, ok := args[key]; ok && v.IsString() && !a.text {
			var parsed any
			if json.Unmarshal([]byte(v.StringValue()), &parsed) == nil {
				args[key] = resource.NewPropertyValue(parsed)
			}
		}
	}
}
