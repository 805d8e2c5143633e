package bridge

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"olympus-fleet/lab/toolchain/plugins/internal/differ"
)

func (s *server) Diff(ctx context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	k, err := s.kind(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, news, err := both(r.GetOlds(), r.GetNews())
	if err != nil {
		return nil, err
	}
	p, err := s.plan(ctx, k, r.GetId(), olds, news, r.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	answer := differ.Same()
	if p.same() {
		return answer, nil
	}
	answer.Changes = pulumirpc.DiffResponse_DIFF_SOME
	k.describe(p, answer)
	if len(answer.Replaces) > 0 {
		// A name that the program chose, and that stays, cannot be used twice at the same time.
		sameName := news.HasValue("name") && !autoNamed(news) && olds["name"].DeepEquals(news["name"])
		answer.DeleteBeforeReplace = k.DeleteBeforeReplace || sameName
	}
	return answer, nil
}

// describe lists what a plan changes. Plugin SDK v2 cannot tell null, "", 0, false and empty apart, so here
// they are all the same.
func (k *kind) describe(p *plan, answer *pulumirpc.DiffResponse) {
	for name, a := range k.attributes {
		before, after := p.prior.GetAttr(name), p.after.GetAttr(name)
		replace := p.replaces[name]
		if before.RawEquals(after) || (!replace && a.computed && !a.optional) {
			continue
		}
		was, is := decode(before, a), decode(after, a)
		path := resource.PropertyPath{string(names(k.Names).property(name, a))}
		found := differ.Changes(path, solid(was), solid(is))
		if replace && len(found) == 0 {
			found = []differ.Change{{Path: path, Kind: pulumirpc.PropertyDiff_UPDATE}}
		}
		for _, change := range found {
			if present(was, change.Path) && present(is, change.Path) {
				change.Kind = pulumirpc.PropertyDiff_UPDATE // false became true: shown as such, not as an addition
			}
			change.Add(answer, replace)
		}
	}
}

// present tells whether a top-level property has something, even if empty, at a path that starts with its name.
func present(v resource.PropertyValue, path resource.PropertyPath) bool {
	found, ok := path[1:].Get(v)
	return ok && !found.IsNull()
}

// solid leaves out what is empty, at any depth; list elements keep their places.
func solid(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsObject():
		full := resource.PropertyMap{}
		for key, e := range v.ObjectValue() {
			if e = solid(e); !e.IsNull() {
				full[key] = e
			}
		}
		if len(full) > 0 {
			return resource.NewObjectProperty(full)
		}
	case v.IsArray():
		if len(v.ArrayValue()) > 0 {
			list := make([]resource.PropertyValue, len(v.ArrayValue()))
			for i, e := range v.ArrayValue() {
				list[i] = solid(e)
			}
			return resource.NewArrayProperty(list)
		}
	case v.IsString() && v.StringValue() == "", v.IsNumber() && v.NumberValue() == 0, v.IsBool() && !v.BoolValue():
	default:
		return v
	}
	return resource.NewNullProperty()
}
