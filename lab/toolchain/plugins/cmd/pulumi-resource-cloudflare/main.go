// Command pulumi-resource-cloudflare manages DNS records over Cloudflare's API, or one that speaks like it.
package main

import (
	"errors"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// version is set by the build to what the npm package asks for.
var version = "0.0.0"

// inputs and computed map properties of a record to fields of the API.
var (
	inputs = map[string]string{
		"name": "name", "type": "type", "content": "content", "ttl": "ttl", "proxied": "proxied", "comment": "comment",
		"tags": "tags", "priority": "priority", "settings": "settings", "data": "data",
	}
	computed = map[string]string{
		"createdOn": "created_on", "modifiedOn": "modified_on", "commentModifiedOn": "comment_modified_on",
		"tagsModifiedOn": "tags_modified_on", "proxiable": "proxiable",
	}
)

func main() {
	native.Main(native.Provider{
		Name:      "cloudflare",
		Version:   version,
		Resources: map[string]native.Resource{"cloudflare:index/dnsRecord:DnsRecord": record()},
	})
}

func record() native.Resource {
	return native.Resource{
		Inputs:   append(slices.Sorted(maps.Keys(inputs)), "zoneId"),
		Required: []string{"zoneId", "name", "type", "ttl"},
		Computed: slices.Sorted(maps.Keys(computed)),
		Replace:  map[string]bool{"zoneId": true, "type": true},
		Create: func(c native.Call, in native.Props) (string, native.Props, error) {
			answer, err := request(c, "POST", in, "", fields(in))
			id, _ := answer["id"].(string)
			return id, properties(answer, computed), err
		},
		Update: func(c native.Call, id string, _, in native.Props) (native.Props, error) {
			answer, err := request(c, "PUT", in, id, fields(in))
			return properties(answer, computed), err
		},
		Read: func(c native.Call, id string, old native.Props) (native.Props, error) {
			answer, err := request(c, "GET", old, id, nil)
			if errors.Is(err, errGone) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			found := properties(answer, computed)
			for key, value := range properties(answer, inputs) {
				if _, said := old[key]; said { // what the program leaves open is the server's business
					found[key] = value
				}
			}
			return found, nil
		},
		Delete: func(c native.Call, id string, old native.Props) error {
			_, err := request(c, "DELETE", old, id, nil)
			return err
		},
	}
}

func fields(in native.Props) map[string]any {
	out := map[string]any{}
	for property, field := range inputs {
		if v, ok := in[resource.PropertyKey(property)]; ok {
			out[field] = v.Mappable()
		}
	}
	return out
}

func properties(answer map[string]any, names map[string]string) native.Props {
	out := native.Props{}
	for property, field := range names {
		if v := answer[field]; v != nil {
			out[resource.PropertyKey(property)] = resource.NewPropertyValue(v)
		}
	}
	return out
}
