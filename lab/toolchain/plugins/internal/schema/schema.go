// Package schema has Pulumi's description of a Terraform provider: the engine's tools ask a plugin for it, and
// the bridge checks a program's inputs against it.
package schema

import (
	"encoding/json"
	"io"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// Of generates the description, without the texts of upstream's website, in 30 ms at each start: no file to
// ship beside the plugin that could be of another version. It panics when the names do not fit the provider.
func Of(info tfbridge.ProviderInfo) []byte {
	generated, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo:    info,
		DiagnosticsSink: diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never}),
		XInMemoryDocs:   true,
	})
	if err != nil {
		panic(err)
	}
	schema, err := json.Marshal(generated.PackageSpec)
	if err != nil {
		panic(err)
	}
	return schema
}
