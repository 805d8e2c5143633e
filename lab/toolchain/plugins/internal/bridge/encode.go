package bridge

import (
	"fmt"

	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/go-cty/cty/convert"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// encodeObject turns Pulumi properties into a Terraform object.
func encodeObject(props resource.PropertyMap, ty cty.Type, of attributes, n names) (cty.Value, error) {
	out := map[string]cty.Value{}
	for name, want := range ty.AttributeTypes() {
		key := n.property(name, of[name])
		v, err := encode(props[key], want, of[name])
		if err != nil {
			return cty.NilVal, fmt.Errorf("%s: %w", key, err)
		}
		out[name] = v
	}
	return cty.ObjectVal(out), nil
}

func encode(v resource.PropertyValue, ty cty.Type, a *attribute) (cty.Value, error) {
	switch {
	case v.IsSecret():
		return encode(v.SecretValue().Element, ty, a)
	case v.IsOutput() && v.OutputValue().Known:
		return encode(v.OutputValue().Element, ty, a)
	case v.IsOutput(), v.IsComputed():
		return cty.UnknownVal(ty), nil
	case v.IsNull():
		return absent(ty, a), nil
	case ty.IsListType() || ty.IsSetType():
		return encodeList(v, ty, a)
	case ty.IsMapType():
		return encodeMap(v, ty, a)
	case ty.IsObjectType():
		if !v.IsObject() {
			return cty.NilVal, fmt.Errorf("expected an object, got %s", v.TypeString())
		}
		return encodeObject(v.ObjectValue(), ty, a.nested(), nil)
	case v.IsString():
		return convert.Convert(cty.StringVal(v.StringValue()), ty)
	case v.IsNumber():
		return convert.Convert(cty.NumberFloatVal(v.NumberValue()), ty)
	case v.IsBool():
		return convert.Convert(cty.BoolVal(v.BoolValue()), ty)
	}
	return cty.NilVal, fmt.Errorf("expected %s, got %s", ty.FriendlyName(), v.TypeString())
}

// absent is what Terraform core sends for something the configuration leaves out.
func absent(ty cty.Type, a *attribute) cty.Value {
	if a == nil || !a.block {
		return cty.NullVal(ty)
	}
	if ty.IsSetType() {
		return cty.SetValEmpty(ty.ElementType())
	}
	return cty.ListValEmpty(ty.ElementType())
}

func encodeList(v resource.PropertyValue, ty cty.Type, a *attribute) (cty.Value, error) {
	elements := []resource.PropertyValue{v}
	if v.IsArray() {
		elements = v.ArrayValue()
	} else if a == nil || !a.single {
		return cty.NilVal, fmt.Errorf("expected a list, got %s", v.TypeString())
	}
	element := a.inner()
	if element == nil && a != nil {
		element = &attribute{attributes: a.attributes}
	}
	values := make([]cty.Value, 0, len(elements))
	for i, e := range elements {
		ev, err := encode(e, ty.ElementType(), element)
		if err != nil {
			return cty.NilVal, fmt.Errorf("[%d]: %w", i, err)
		}
		values = append(values, ev)
	}
	switch set := ty.IsSetType(); {
	case set && len(values) == 0:
		return cty.SetValEmpty(ty.ElementType()), nil
	case set:
		return cty.SetVal(values), nil
	case len(values) == 0:
		return cty.ListValEmpty(ty.ElementType()), nil
	}
	return cty.ListVal(values), nil
}

func encodeMap(v resource.PropertyValue, ty cty.Type, a *attribute) (cty.Value, error) {
	if !v.IsObject() {
		return cty.NilVal, fmt.Errorf("expected a map, got %s", v.TypeString())
	}
	values := map[string]cty.Value{}
	for key, e := range v.ObjectValue() {
		ev, err := encode(e, ty.ElementType(), a.inner())
		if err != nil {
			return cty.NilVal, fmt.Errorf("[%q]: %w", key, err)
		}
		values[string(key)] = ev
	}
	if len(values) == 0 {
		return cty.MapValEmpty(ty.ElementType()), nil
	}
	return cty.MapVal(values), nil
}
