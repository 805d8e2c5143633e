package bridge

import (
	"strings"

	"github.com/pulumi/inflector"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// names holds the property names that do not follow the rule, by attribute.
type names map[string]string

// property is the Pulumi name of a Terraform attribute: camel case, lists and sets in the plural.
func (n names) property(attr string, a *attribute) resource.PropertyKey {
	if name, ok := n[attr]; ok {
		return resource.PropertyKey(name)
	}
	if a != nil && a.list && !a.single {
		if plural := inflector.Pluralize(attr); plural != "" {
			attr = plural
		}
	}
	words := strings.Split(attr, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return resource.PropertyKey(strings.Join(words, ""))
}
