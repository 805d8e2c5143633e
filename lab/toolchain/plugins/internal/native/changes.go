package native

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// change is one difference, as an update even where it forces a replacement.
type change struct {
	path resource.PropertyPath
	kind pulumirpc.PropertyDiff_Kind
}

// changes says where was and is, both found at a path, differ, down to the innermost property: only so can the
// engine match nested paths of replaceOnChanges.
func changes(at resource.PropertyPath, was, is resource.PropertyValue) []change {
	below := func(key any) resource.PropertyPath { return append(at[:len(at):len(at)], key) }
	var found []change
	switch {
	case was.DeepEquals(is):
	case was.IsObject() && is.IsObject():
		for key, before := range was.ObjectValue() {
			found = append(found, changes(below(string(key)), before, is.ObjectValue()[key])...)
		}
		for key, after := range is.ObjectValue() {
			if _, had := was.ObjectValue()[key]; !had {
				found = append(found, changes(below(string(key)), resource.NewNullProperty(), after)...)
			}
		}
	case was.IsArray() && is.IsArray() && len(was.ArrayValue()) == len(is.ArrayValue()):
		for i, before := range was.ArrayValue() {
			found = append(found, changes(below(i), before, is.ArrayValue()[i])...)
		}
	case was.IsNull():
		found = []change{{at, pulumirpc.PropertyDiff_ADD}}
	case is.IsNull():
		found = []change{{at, pulumirpc.PropertyDiff_DELETE}}
	default:
		found = []change{{at, pulumirpc.PropertyDiff_UPDATE}}
	}
	return found
}

// add records the change in an answer. A property that forces a replacement has the kind that says so.
func (c change) add(answer *pulumirpc.DiffResponse, replace bool) {
	kind, top := c.kind, c.path[0].(string)
	answer.Diffs = appendNew(answer.Diffs, top)
	if replace {
		kind++ // each kind of change is followed by its *_REPLACE
		answer.Replaces = appendNew(answer.Replaces, top)
	}
	answer.Changes = pulumirpc.DiffResponse_DIFF_SOME
	answer.DetailedDiff[c.path.String()] = &pulumirpc.PropertyDiff{Kind: kind}
}

func appendNew(list []string, s string) []string {
	for _, known := range list {
		if known == s {
			return list
		}
	}
	return append(list, s)
}

// same is an answer that says nothing changed, to add to.
func same() *pulumirpc.DiffResponse {
	return &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true, DetailedDiff: map[string]*pulumirpc.PropertyDiff{},
	}
}
