package bridge

import (
	"maps"
	"slices"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"olympus-fleet/lab/toolchain/plugins/internal/differ"
)

func describe(t *testing.T, before, after map[string]any, replaces ...string) *pulumirpc.DiffResponse {
	t.Helper()
	p := &plan{replaces: map[string]bool{}}
	for _, attr := range replaces {
		p.replaces[attr] = true
	}
	var err error
	if p.prior, err = encodeObject(props(before), sampleType, sample, nil); err != nil {
		t.Fatal(err)
	}
	if p.after, err = encodeObject(props(after), sampleType, sample, nil); err != nil {
		t.Fatal(err)
	}
	answer := differ.Same()
	(&kind{attributes: sample}).describe(p, answer)
	return answer
}

func TestDifferencesAreNamedDownToTheInnermostProperty(t *testing.T) {
	answer := describe(t,
		map[string]any{"memory": 64.0, "healthcheck": map[string]any{"startPeriod": "5s"}},
		map[string]any{"memory": 96.0, "healthcheck": map[string]any{"startPeriod": "9s"}}, "healthcheck")
	if got := slices.Sorted(maps.Keys(answer.DetailedDiff)); !slices.Equal(got, []string{"healthcheck.startPeriod", "memory"}) {
		t.Error(got)
	}
	if answer.DetailedDiff["healthcheck.startPeriod"].Kind != pulumirpc.PropertyDiff_UPDATE_REPLACE || !slices.Equal(answer.Replaces, []string{"healthcheck"}) {
		t.Error(answer)
	}
	if answer.DetailedDiff["memory"].Kind != pulumirpc.PropertyDiff_UPDATE {
		t.Error(answer)
	}
}

func TestEmptyAndAbsentAreTheSame(t *testing.T) {
	answer := describe(t, map[string]any{"memory": 0.0, "healthcheck": map[string]any{"startPeriod": ""}}, map[string]any{})
	if len(answer.DetailedDiff) != 0 {
		t.Error(answer)
	}
}

func TestFromEmptyIsAnUpdateAndFromAbsentAnAddition(t *testing.T) {
	update := describe(t, map[string]any{"memory": 0.0}, map[string]any{"memory": 64.0})
	addition := describe(t, map[string]any{}, map[string]any{"memory": 64.0})
	if update.DetailedDiff["memory"].Kind != pulumirpc.PropertyDiff_UPDATE || addition.DetailedDiff["memory"].Kind != pulumirpc.PropertyDiff_ADD {
		t.Error(update, addition)
	}
}
