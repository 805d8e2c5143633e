package bridge

import (
	"testing"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// A schema with one of each: a plain value, a list, a single block and a set of blocks.
var sample = attributes{
	"name":        {required: true, text: true},
	"env":         {optional: true, list: true, element: &attribute{text: true}},
	"healthcheck": {optional: true, list: true, single: true, block: true, attributes: attributes{"start_period": {optional: true, text: true}}},
	"labels":      {optional: true, list: true, block: true, attributes: attributes{"label": {required: true, text: true}, "value": {required: true, text: true}}},
	"memory":      {optional: true},
	"bridge":      {computed: true, text: true},
}

var sampleType = cty.Object(map[string]cty.Type{
	"name": cty.String, "env": cty.Set(cty.String), "memory": cty.Number, "bridge": cty.String,
	"healthcheck": cty.List(cty.Object(map[string]cty.Type{"start_period": cty.String})),
	"labels":      cty.Set(cty.Object(map[string]cty.Type{"label": cty.String, "value": cty.String})),
})

func props(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

func TestNames(t *testing.T) {
	for attr, want := range map[string]string{
		"memory_swap": "memorySwap", "env": "envs", "label": "labels", "healthcheck": "healthcheck", "networks_advanced": "networksAdvanced",
	} {
		list := attr == "env" || attr == "label"
		if got := (names{"networks_advanced": "networksAdvanced"}).property(attr, &attribute{list: list}); string(got) != want {
			t.Errorf("%s is %s, not %s", attr, got, want)
		}
	}
	if got := names(nil).property("id", nil); got != "id" {
		t.Errorf("what the schema does not list is %s", got)
	}
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	in := props(map[string]any{
		"name": "acme", "envs": []any{"A=1"}, "memory": 64.0,
		"healthcheck": map[string]any{"startPeriod": "5s"},
		"labels":      []any{map[string]any{"label": "tenant", "value": "acme"}},
	})
	v, err := encodeObject(in, sampleType, sample, nil)
	if err != nil {
		t.Fatal(err)
	}
	if out := decodeObject(v, sample, nil); !out.DeepEquals(in) {
		t.Errorf("%v became %v", in, out)
	}
}

func TestSecretsAndUnknownsAreUnwrapped(t *testing.T) {
	in := resource.PropertyMap{
		"name": resource.MakeSecret(resource.NewStringProperty("acme")),
		"envs": resource.MakeComputed(resource.NewStringProperty("")),
	}
	v, err := encodeObject(in, sampleType, sample, nil)
	if err != nil || v.GetAttr("name").AsString() != "acme" || v.GetAttr("env").IsKnown() {
		t.Fatal(v, err)
	}
}

func TestLeftOutBlocksAreEmptyAndLeftOutValuesNull(t *testing.T) {
	v, err := encodeObject(props(map[string]any{"name": "acme"}), sampleType, sample, nil)
	if err != nil || v.GetAttr("labels").IsNull() || v.GetAttr("labels").LengthInt() != 0 || !v.GetAttr("memory").IsNull() {
		t.Fatal(v, err)
	}
}

func TestAnErrorNamesTheProperty(t *testing.T) {
	_, err := encodeObject(props(map[string]any{"name": "acme", "envs": "A=1"}), sampleType, sample, nil)
	if err == nil || err.Error() != "envs: expected a list, got string" {
		t.Fatal(err)
	}
}

func TestProposedKeepsWhatTheProviderComputed(t *testing.T) {
	config, _ := encodeObject(props(map[string]any{"name": "acme", "memory": 96.0}), sampleType, sample, nil)
	prior, _ := encodeObject(props(map[string]any{"name": "acme", "memory": 64.0, "bridge": "br0"}), sampleType, sample, nil)
	next := decodeObject(proposed(prior, config, sample), sample, nil)
	if next["bridge"].StringValue() != "br0" || next["memory"].NumberValue() != 96 {
		t.Fatal(next)
	}
}

func TestIgnoredPathsKeepTheState(t *testing.T) {
	k := &kind{attributes: sample}
	olds := props(map[string]any{
		"memory": 64.0, "healthcheck": map[string]any{"startPeriod": "5s"},
		"labels": []any{map[string]any{"label": "b", "value": "old"}},
	})
	news := props(map[string]any{
		"memory": 96.0, "healthcheck": map[string]any{"startPeriod": "9s"},
		"labels": []any{map[string]any{"label": "a", "value": "new"}},
	})
	k.ignoreChanges([]string{"memory", "healthcheck.startPeriod", "labels[0].value", "nonsense["}, olds, news)
	if news["memory"].NumberValue() != 64 || news["healthcheck"].ObjectValue()["startPeriod"].StringValue() != "5s" {
		t.Error("not ignored:", news)
	}
	if label := news["labels"].ArrayValue()[0].ObjectValue(); label["value"].StringValue() != "new" {
		t.Error("elements of a set have no number to go by:", label)
	}
}
