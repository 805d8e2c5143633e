package bridge

import (
	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/go-cty/cty/msgpack"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
)

// The plugin does not ask for secret marks: the engine puts them back on every top-level property that
// held one, as it does for the official plugins.
var marshalling = plugin.MarshalOptions{KeepUnknowns: true, SkipNulls: true}

func fromPulumi(s *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(s, marshalling)
}

func toPulumi(m resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(m, marshalling)
}

// both reads the two sides of a comparison.
func both(a, b *structpb.Struct) (resource.PropertyMap, resource.PropertyMap, error) {
	first, err := fromPulumi(a)
	if err != nil {
		return nil, nil, err
	}
	second, err := fromPulumi(b)
	return first, second, err
}

func toTerraform(v cty.Value, ty cty.Type) (*tfprotov5.DynamicValue, error) {
	packed, err := msgpack.Marshal(v, ty)
	return &tfprotov5.DynamicValue{MsgPack: packed}, err
}

func fromTerraform(v *tfprotov5.DynamicValue, ty cty.Type) (cty.Value, error) {
	if v == nil {
		return cty.NullVal(ty), nil
	}
	return msgpack.Unmarshal(v.MsgPack, ty)
}
