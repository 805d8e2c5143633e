// Command pulumi-resource-cloudflare manages DNS records over Cloudflare's API, or one that speaks like it.
package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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
		Resources: map[string]native.Resource{"cloudflare:index/dnsRecord:DnsRecord": dnsRecord()},
		Functions: map[string]native.Function{"cloudflare:index/getDnsRecords:getDnsRecords": list},
	})
}

func dnsRecord() native.Resource {
	return native.Resource{
		Inputs:   inputNames(),
		Required: []string{"zoneId", "name", "type", "ttl"},
		Computed: slices.Sorted(maps.Keys(computed)),
		Replace:  map[string]bool{"zoneId": true, "type": true},
		Create: func(c native.Call, in native.Props) (string, native.Props, error) {
			if in["proxied"].IsBool() && in["proxied"].BoolValue() && in["ttl"].NumberValue() != 1 {
				return "", nil, errors.New("ttl must be set to 1 when `proxied` is true")
			}
			answer, err := record(c, "POST", zoneOf(in), "", fields(in))
			id, _ := answer["id"].(string)
			return id, properties(answer, computed), err
		},
		Update: func(c native.Call, id string, _, in native.Props) (native.Props, error) {
			answer, err := record(c, "PUT", zoneOf(in), id, fields(in))
			return properties(answer, computed), err
		},
		Read: func(c native.Call, id string, old native.Props) (native.Props, error) {
			answer, err := record(c, "GET", zoneOf(old), id, nil)
			if errors.Is(err, errGone) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			found := properties(answer, computed)
			for key := range inputs {
				name := resource.PropertyKey(key)
				if _, said := old[name]; said { // what the program leaves open is the server's business
					found[name] = resource.NewPropertyValue(answer[inputs[key]])
				}
			}
			return found, nil
		},
		// A record that is gone is an error here, as it is to the official plugin; a refresh finds out before.
		Delete: func(c native.Call, id string, old native.Props) error {
			_, err := record(c, "DELETE", zoneOf(old), id, nil)
			return err
		},
		Import: func(c native.Call, given string) (string, native.Props, native.Props, error) {
			zone, id, ok := strings.Cut(given, "/")
			if !ok {
				return "", nil, nil, fmt.Errorf("invalid ID: expected %q, got %q", "<zone_id>/<dns_record_id>", given)
			}
			answer, err := record(c, "GET", zone, id, nil)
			if errors.Is(err, errGone) {
				return "", nil, nil, nil
			}
			if err != nil {
				return "", nil, nil, err
			}
			in := properties(answer, inputs)
			in["zoneId"] = resource.NewStringProperty(zone)
			return id, in, properties(answer, computed), nil
		},
	}
}

func zoneOf(p native.Props) string { return p["zoneId"].StringValue() }

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
