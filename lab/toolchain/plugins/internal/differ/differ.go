// Package differ says where two property values differ, down to the innermost property: only so can the
// engine match nested paths of replaceOnChanges.
package differ

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Change is one difference, as an update even where it forces a replacement.
type Change struct {
	Path resource.PropertyPath
	Kind pulumirpc.PropertyDiff_Kind
}

// Changes compares was with is, both found at a path.
func Changes(at resource.PropertyPath, was, is resource.PropertyValue) []Change {
	below := func(key any) resource.PropertyPath { return append(at[:len(at):len(at)], key) }
	var found []Change
	switch {
	case was.DeepEquals(is):
	case was.IsObject() && is.IsObject():
		for key, before := range was.ObjectValue() {
			found = append(found, Changes(below(string(key)), before, is.ObjectValue()[key])...)
		}
		for key, after := range is.ObjectValue() {
			if _, had := was.ObjectValue()[key]; !had {
				found = append(found, Changes(below(string(key)), resource.NewNullProperty(), after)...)
			}
		}
	case was.IsArray() && is.IsArray() && len(was.ArrayValue()) == len(is.ArrayValue()):
		for i, before := range was.ArrayValue() {
			found = append(found, Changes(below(i), before, is.ArrayValue()[i])...)
		}
	case was.IsNull():
		found = []Change{{at, pulumirpc.PropertyDiff_ADD}}
	case is.IsNull():
		found = []Change{{at, pulumirpc.PropertyDiff_DELETE}}
	default:
		found = []Change{{at, pulumirpc.PropertyDiff_UPDATE}}
	}
	return found
}

// Add records the change in an answer. A property that forces a replacement has the kind that says so.
func (c Change) Add(answer *pulumirpc.DiffResponse, replace bool) {
	kind, top := c.Kind, c.Path[0].(string)
	answer.Diffs = appendNew(answer.Diffs, top)
	if replace {
		kind++ // each kind of change is followed by its *_REPLACE
		answer.Replaces = appendNew(answer.Replaces, top)
	}
	answer.Changes = pulumirpc.DiffResponse_DIFF_SOME
	answer.DetailedDiff[c.Path.String()] = &pulumirpc.PropertyDiff{Kind: kind}
}

func appendNew(list []string, s string) []string {
	for _, known := range list {
		if known == s {
			return list
		}
	}
	return append(list, s)
}

// Same is an answer that says nothing changed, to Add to.
func Same() *pulumirpc.DiffResponse {
	return &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true, DetailedDiff: map[string]*pulumirpc.PropertyDiff{},
	}
}
