package bridge

import "github.com/hashicorp/go-cty/cty"

// proposed merges the configuration with what the provider computed before, as Terraform core does before
// it asks the provider to plan: computed attributes that the configuration leaves out keep their values.
func proposed(prior, config cty.Value, of attributes) cty.Value {
	if !config.IsKnown() || config.IsNull() {
		return config
	}
	out := map[string]cty.Value{}
	for name, ty := range config.Type().AttributeTypes() {
		now, was, a := config.GetAttr(name), cty.NullVal(ty), of[name]
		if prior.IsKnown() && !prior.IsNull() {
			was = prior.GetAttr(name)
		}
		switch {
		case a != nil && a.block && now.IsKnown() && !now.IsNull() && now.LengthInt() > 0:
			now = proposedBlocks(was, now, a.nested())
		case now.IsNull() && (name == "id" || (a != nil && a.computed)):
			now = was
		}
		out[name] = now
	}
	return cty.ObjectVal(out)
}

func proposedBlocks(prior, config cty.Value, of attributes) cty.Value {
	var olds []cty.Value
	if prior.IsKnown() && !prior.IsNull() {
		olds = prior.AsValueSlice()
	}
	set := config.Type().IsSetType()
	merged := make([]cty.Value, 0, config.LengthInt())
	for i, now := range config.AsValueSlice() {
		was := cty.NullVal(now.Type())
		for j, old := range olds {
			// Elements of a set have no place: one is the same as before when all it says held before.
			if (set && matches(old, now)) || (!set && i == j) {
				was = old
				break
			}
		}
		merged = append(merged, proposed(was, now, of))
	}
	if set {
		return cty.SetVal(merged)
	}
	return cty.ListVal(merged)
}

func matches(old, config cty.Value) bool {
	if !config.IsKnown() || config.IsNull() || !old.IsKnown() || old.IsNull() {
		return false
	}
	for name := range config.Type().AttributeTypes() {
		if now := config.GetAttr(name); !now.IsNull() && !now.RawEquals(old.GetAttr(name)) {
			return false
		}
	}
	return true
}
