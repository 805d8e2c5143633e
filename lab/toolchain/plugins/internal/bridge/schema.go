package bridge

import (
	"github.com/hashicorp/go-cty/cty"
	ctyjson "github.com/hashicorp/go-cty/cty/json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// attribute is what the translation needs to know of a Terraform attribute or nested block. A nil one is
// valid and stands for what the schema does not list (id, timeouts).
type attribute struct {
	required, optional, computed bool

	list       bool       // a list or a set
	single     bool       // a list of at most one, which Pulumi shows as the element itself
	block      bool       // a nested block: never null, empty where it is left out
	text       bool       // a string
	element    *attribute // of a list or a map of plain values
	attributes attributes // of objects
}

type attributes map[string]*attribute

func (a *attribute) inner() *attribute {
	if a == nil {
		return nil
	}
	return a.element
}

func (a *attribute) nested() attributes {
	if a == nil {
		return nil
	}
	return a.attributes
}

func (a *attribute) input() bool { return a != nil && (a.required || a.optional) }

// fromSDK reads a schema of plugin SDK v2. It knows of MaxItems on attributes, which the protocol drops.
func fromSDK(of map[string]*schema.Schema) attributes {
	all := attributes{}
	for name, s := range of {
		all[name] = fromSDKAttribute(s)
	}
	return all
}

func fromSDKAttribute(s *schema.Schema) *attribute {
	a := &attribute{required: s.Required, optional: s.Optional, computed: s.Computed, text: s.Type == schema.TypeString}
	a.list = s.Type == schema.TypeList || s.Type == schema.TypeSet
	a.single = a.list && s.MaxItems == 1
	switch element := s.Elem.(type) {
	case *schema.Resource:
		a.attributes = fromSDK(element.SchemaMap())
		a.block = a.list && s.ConfigMode != schema.SchemaConfigModeAttr && (a.input() || !s.Computed)
	case *schema.Schema:
		a.element = fromSDKAttribute(element)
	}
	return a
}

// fromProtocol reads a schema as a provider of the newer plugin framework tells it.
func fromProtocol(of *tfprotov5.SchemaBlock) attributes {
	all := attributes{}
	for _, at := range of.Attributes {
		ty := typeOf(at.Type)
		all[at.Name] = &attribute{
			required: at.Required, optional: at.Optional, computed: at.Computed,
			text: ty == cty.String, list: ty.IsListType() || ty.IsSetType(),
		}
	}
	for _, nb := range of.BlockTypes {
		list := nb.Nesting == tfprotov5.SchemaNestedBlockNestingModeList || nb.Nesting == tfprotov5.SchemaNestedBlockNestingModeSet
		all[nb.TypeName] = &attribute{
			optional: true, block: list, list: list, single: list && nb.MaxItems == 1, attributes: fromProtocol(nb.Block),
		}
	}
	return all
}

// typeOf carries a type from the protocol's library to cty by the JSON form that both share.
func typeOf(t interface{ MarshalJSON() ([]byte, error) }) cty.Type {
	text, err := t.MarshalJSON()
	if err != nil {
		panic(err) // a type that the provider itself has just sent
	}
	ty, err := ctyjson.UnmarshalType(text)
	if err != nil {
		panic(err)
	}
	return ty
}
