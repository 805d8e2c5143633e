package bridge

import (
	"context"
	"errors"

	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"google.golang.org/protobuf/types/known/structpb"
)

// metaKey holds what the provider keeps for itself next to the state (schema version, time-outs).
const metaKey = "__meta"

// plan is one step from a prior state (null: create) to a planned one (null: delete).
type plan struct {
	prior, config, after         cty.Value
	priorPrivate, plannedPrivate []byte
	replaces                     map[string]bool // by attribute
}

func (p *plan) same() bool { return p.prior.RawEquals(p.after) }

// state turns stored outputs into a Terraform state.
func (k *kind) state(id string, outputs resource.PropertyMap) (cty.Value, []byte, error) {
	outputs = outputs.Copy()
	outputs["id"] = resource.NewStringProperty(id)
	var private []byte
	if meta := outputs[metaKey]; meta.IsString() {
		private = []byte(meta.StringValue())
	}
	v, err := encodeObject(outputs, k.ty, k.attributes, k.Names)
	return v, private, err
}

// outputs turns a Terraform state into the ID and the properties to store.
func (k *kind) outputs(state cty.Value, private []byte) (string, *structpb.Struct, error) {
	props := decodeObject(state, k.attributes, k.Names)
	if len(private) > 0 {
		props[metaKey] = resource.NewStringProperty(string(private))
	}
	key := resource.PropertyKey("id")
	if k.ID != "" {
		key = resource.PropertyKey(k.ID)
	}
	id := ""
	if v := props[key]; v.IsString() {
		id = v.StringValue()
	}
	stored, err := toPulumi(props)
	return id, stored, err
}

// plan asks the provider for the step from stored outputs (nil to create) to inputs.
func (s *server) plan(
	ctx context.Context, k *kind, id string, olds, news resource.PropertyMap, ignore []string,
) (*plan, error) {
	p := &plan{prior: cty.NullVal(k.ty), replaces: map[string]bool{}}
	var err error
	if olds != nil {
		if p.prior, p.priorPrivate, err = k.state(id, olds); err != nil {
			return nil, err
		}
		k.ignoreChanges(ignore, olds, news)
	}
	if p.config, err = encodeObject(news, k.ty, k.attributes, k.Names); err != nil {
		return nil, err
	}
	var sent [3]*tfprotov5.DynamicValue
	for i, v := range []cty.Value{p.prior, p.config, proposed(p.prior, p.config, k.attributes)} {
		if sent[i], err = toTerraform(v, k.ty); err != nil {
			return nil, err
		}
	}
	answer, err := s.terraform.PlanResourceChange(ctx, &tfprotov5.PlanResourceChangeRequest{
		TypeName: k.terraform, PriorState: sent[0], Config: sent[1], ProposedNewState: sent[2], PriorPrivate: p.priorPrivate,
	})
	if err == nil {
		err = failure(answer.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	p.plannedPrivate = answer.PlannedPrivate
	for _, path := range answer.RequiresReplace {
		if steps := path.Steps(); len(steps) > 0 {
			if attr, ok := steps[0].(tftypes.AttributeName); ok {
				p.replaces[string(attr)] = true
			}
		}
	}
	// Both sides go through one decoder: cty tells numbers in sets apart by how they are held in memory.
	if p.prior, err = fromTerraform(sent[0], k.ty); err != nil {
		return nil, err
	}
	p.after, err = fromTerraform(answer.PlannedState, k.ty)
	return p, err
}

// ignoreChanges keeps what the state says at the given paths. The engine has already undone the program's
// changes there; this is for what changed outside of it. Paths into a list are left to the engine: where the
// provider holds a set, the element with that number in the state may be another one.
func (k *kind) ignoreChanges(ignore []string, olds, news resource.PropertyMap) {
	for _, text := range ignore {
		path, err := resource.ParsePropertyPath(text)
		if err != nil || len(path) == 0 {
			continue
		}
		for name, a := range k.attributes {
			nested := len(path) > 1 && a.list && !a.single
			if string(names(k.Names).property(name, a)) == path[0] && !nested {
				path.Reset(olds, news)
			}
		}
	}
}

// apply carries a plan out. A state may come back together with an error.
func (s *server) apply(ctx context.Context, k *kind, p *plan) (cty.Value, []byte, error) {
	nothing := cty.NullVal(k.ty)
	var sent [3]*tfprotov5.DynamicValue
	for i, v := range []cty.Value{p.prior, p.after, p.config} {
		var err error
		if sent[i], err = toTerraform(v, k.ty); err != nil {
			return nothing, nil, err
		}
	}
	answer, err := s.terraform.ApplyResourceChange(ctx, &tfprotov5.ApplyResourceChangeRequest{
		TypeName: k.terraform, PriorState: sent[0], PlannedState: sent[1], Config: sent[2], PlannedPrivate: p.plannedPrivate,
	})
	if err != nil {
		return nothing, nil, err
	}
	state, err := fromTerraform(answer.NewState, k.ty)
	return state, answer.Private, errors.Join(failure(answer.Diagnostics), err)
}
