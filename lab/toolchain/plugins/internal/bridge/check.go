package bridge

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// defaultsKey lists the inputs that Check filled in, as the official plugins do.
const defaultsKey = "__defaults"

func (s *server) Check(ctx context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, news, err := both(r.GetOlds(), r.GetNews())
	if err != nil {
		return nil, err
	}
	failures := k.unknown(news)
	if err := k.nameIfMissing(r, olds, news); err != nil {
		return nil, err
	}
	if err := s.validate(ctx, k, news); err != nil {
		failures = append(failures, &pulumirpc.CheckFailure{Reason: err.Error()})
	}
	inputs, err := toPulumi(news)
	return &pulumirpc.CheckResponse{Inputs: inputs, Failures: failures}, err
}

func (k *kind) unknown(news resource.PropertyMap) []*pulumirpc.CheckFailure {
	known := map[resource.PropertyKey]bool{"id": true}
	for name, a := range k.attributes {
		known[names(k.Names).property(name, a)] = true
	}
	var failures []*pulumirpc.CheckFailure
	for key := range news {
		if !known[key] && !strings.HasPrefix(string(key), "__") {
			failures = append(failures, &pulumirpc.CheckFailure{
				Property: string(key), Reason: k.Token + " has no such property",
			})
		}
	}
	return failures
}

// nameIfMissing gives a resource without a name the one it had, or a new unique one.
func (k *kind) nameIfMissing(r *pulumirpc.CheckRequest, olds, news resource.PropertyMap) error {
	var filled []resource.PropertyValue
	if k.attributes["name"].input() && news["name"].IsNull() {
		if autoNamed(olds) {
			news["name"] = olds["name"]
		} else {
			unique, err := resource.NewUniqueName(r.GetRandomSeed(), resource.URN(r.GetUrn()).Name()+"-", 7, 255, nil)
			if err != nil {
				return err
			}
			news["name"] = resource.NewStringProperty(unique)
		}
		filled = append(filled, resource.NewStringProperty("name"))
	}
	news[defaultsKey] = resource.NewArrayProperty(filled)
	return nil
}

func autoNamed(inputs resource.PropertyMap) bool {
	if !inputs[defaultsKey].IsArray() || !inputs.HasValue("name") {
		return false
	}
	for _, filled := range inputs[defaultsKey].ArrayValue() {
		if filled.IsString() && filled.StringValue() == "name" {
			return true
		}
	}
	return false
}

func (s *server) validate(ctx context.Context, k *kind, news resource.PropertyMap) error {
	config, err := encodeObject(news, k.ty, k.attributes, k.Names)
	if err != nil {
		return err
	}
	sent, err := toTerraform(config, k.ty)
	if err != nil {
		return err
	}
	answer, err := s.terraform.ValidateResourceTypeConfig(ctx, &tfprotov5.ValidateResourceTypeConfigRequest{
		TypeName: k.terraform, Config: sent,
	})
	if err != nil {
		return err
	}
	return failure(answer.Diagnostics)
}
