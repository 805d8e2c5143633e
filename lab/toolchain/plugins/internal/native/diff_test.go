package native

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

var sample = Resource{
	Inputs: []string{"create", "environment", "triggers"}, Required: []string{"create"}, Computed: []string{"stdout"},
	Replace: map[string]bool{"triggers": true}, SecretByInputs: true,
}

func props(m map[string]any) Props { return resource.NewPropertyMapFromMap(m) }

func TestCheckRefusesWhatItDoesNotKnow(t *testing.T) {
	failures := sample.check(props(map[string]any{"craete": "true"}))
	if len(failures) != 2 || failures[0].Property != "craete" || failures[1].Property != "create" {
		t.Fatal(failures)
	}
}

func TestDiff(t *testing.T) {
	old := func() Props {
		return props(map[string]any{"create": "a", "environment": map[string]any{"A": "1", "B": "1"}, "triggers": []any{"x"}, "stdout": "out"})
	}
	news := func() Props {
		return props(map[string]any{"create": "a", "environment": map[string]any{"A": "2", "B": "1"}, "triggers": []any{"y"}})
	}
	if same := sample.diff(old(), old(), nil); same.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Error(same)
	}
	changed := sample.diff(old(), news(), nil)
	if changed.DetailedDiff["environment.A"].GetKind() != pulumirpc.PropertyDiff_UPDATE || !slices.Equal(changed.Replaces, []string{"triggers"}) {
		t.Error(changed)
	}
	if ignored := sample.diff(old(), news(), []string{"environment.A", "triggers"}); ignored.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Error(ignored)
	}
}

func TestOutputsAreSecretWhenAnInputIs(t *testing.T) {
	for _, secret := range []bool{false, true} {
		in := props(map[string]any{"create": "a"})
		if secret {
			in["create"] = resource.MakeSecret(in["create"])
		}
		stored, err := sample.outputs(in, props(map[string]any{"stdout": "out"}))
		if err != nil {
			t.Fatal(err)
		}
		out, err := fromPulumi(stored)
		if err != nil || out["stdout"].IsSecret() != secret {
			t.Error(secret, out, err)
		}
	}
}

func TestBareRemovesMarksAtAnyDepth(t *testing.T) {
	deep := Props{"a": resource.MakeSecret(resource.NewArrayProperty([]resource.PropertyValue{
		resource.NewObjectProperty(Props{"b": resource.MakeSecret(resource.NewStringProperty("c"))}),
	}))}
	if out := bare(deep); out.ContainsSecrets() || !out.DeepEquals(props(map[string]any{"a": []any{map[string]any{"b": "c"}}})) {
		t.Error(out)
	}
}
