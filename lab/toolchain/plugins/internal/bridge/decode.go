package bridge

import (
	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// decodeObject turns a Terraform object into Pulumi properties.
func decodeObject(v cty.Value, of attributes, n names) resource.PropertyMap {
	out := resource.PropertyMap{}
	for name := range v.Type().AttributeTypes() {
		if p := decode(v.GetAttr(name), of[name]); !p.IsNull() {
			out[n.property(name, of[name])] = p
		}
	}
	return out
}

// decode gives null for what is null, and for an empty list that Pulumi shows as its element.
func decode(v cty.Value, a *attribute) resource.PropertyValue {
	ty := v.Type()
	switch {
	case !v.IsKnown():
		return resource.MakeComputed(resource.NewStringProperty(""))
	case v.IsNull():
		return resource.NewNullProperty()
	case ty.IsListType() || ty.IsSetType():
		return decodeList(v, a)
	case ty.IsMapType():
		m := resource.PropertyMap{}
		for it := v.ElementIterator(); it.Next(); {
			key, e := it.Element()
			if p := decode(e, a.inner()); !p.IsNull() {
				m[resource.PropertyKey(key.AsString())] = p
			}
		}
		return resource.NewObjectProperty(m)
	case ty.IsObjectType():
		return resource.NewObjectProperty(decodeObject(v, a.nested(), nil))
	case ty == cty.Bool:
		return resource.NewBoolProperty(v.True())
	case ty == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return resource.NewNumberProperty(f)
	}
	return resource.NewStringProperty(v.AsString())
}

func decodeList(v cty.Value, a *attribute) resource.PropertyValue {
	element := a.inner()
	if element == nil && a != nil {
		element = &attribute{attributes: a.attributes}
	}
	list := []resource.PropertyValue{}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		list = append(list, decode(e, element))
	}
	switch {
	case a == nil || !a.single:
		return resource.NewArrayProperty(list)
	case len(list) == 0:
		return resource.NewNullProperty()
	}
	return list[0]
}
