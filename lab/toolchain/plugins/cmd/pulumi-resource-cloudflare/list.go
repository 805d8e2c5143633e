package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// The official plugin's, where the program does not say how many.
const usualItems = 1000

// list answers getDnsRecords: records of a zone by the filters given, page after page until one is empty.
func list(c native.Call, args native.Props) (native.Props, error) {
	query := url.Values{}
	for _, filter := range []resource.PropertyKey{"name", "content", "comment"} {
		if v := args[filter]; v.IsObject() {
			for kind, value := range v.ObjectValue() {
				query.Set(fmt.Sprintf("%s.%s", filter, kind), value.StringValue())
			}
		}
	}
	if v := args["type"]; v.IsString() {
		query.Set("type", v.StringValue())
	}
	most := usualItems
	if v := args["maxItems"]; v.IsNumber() && v.NumberValue() > 0 {
		most = int(v.NumberValue())
	}
	var results []resource.PropertyValue
	for page := 1; len(results) < most; page++ {
		query.Set("page", fmt.Sprint(page))
		answer, err := call(c, "GET", "/zones/"+url.PathEscape(args["zoneId"].StringValue())+"/dns_records?"+query.Encode(), nil)
		if err != nil {
			return nil, err
		}
		var found []map[string]any
		if err := json.Unmarshal(answer.Result, &found); err != nil {
			return nil, err
		}
		if len(found) == 0 {
			break
		}
		for _, one := range found {
			results = append(results, resource.NewObjectProperty(whole(one)))
		}
	}
	return native.Props{"results": resource.NewArrayProperty(results[:min(len(results), most)])}, nil
}

// whole is a record with all that the API tells of it, and its id.
func whole(answer map[string]any) native.Props {
	all := maps.Clone(inputs)
	maps.Copy(all, computed)
	all["id"] = "id"
	return properties(answer, all)
}

// names of the properties that a program sets.
func inputNames() []string { return append(slices.Sorted(maps.Keys(inputs)), "zoneId") }
