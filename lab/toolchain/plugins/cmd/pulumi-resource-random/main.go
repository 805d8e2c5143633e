// Command pulumi-resource-random serves the upstream Random provider to the Pulumi engine.
package main

import (
	"context"
	"errors"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/terraform-providers/terraform-provider-random/shim"

	"olympus-fleet/lab/toolchain/plugins/internal/schema"
)

// version is set by the build to what the npm package asks for.
var version = "0.0.0"

func main() {
	info := provider()
	pf.Main(context.Background(), info.Name, info, pf.ProviderMetadata{PackageSchema: schema.Of(info)})
}

// provider says how the npm package names what is upstream. test/engine/plugins.test.ts compares the two.
func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            pf.ShimProvider(shim.NewProvider()),
		Name:         "random",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")), // required; it remembers the names of past versions
		Resources:    map[string]*tfbridge.ResourceInfo{"random_bytes": {ComputeID: bytesID}},
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return tokens.MakeStandard("random")(module, "Random"+name)
	}))
	return info
}

// bytesID: the engine wants an ID of every resource, and upstream gives random bytes none. It is the value
// itself, as in the official plugin; an ID cannot be secret.
func bytesID(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
	value := state["base64"]
	if value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return "", errors.New("random bytes have no base64")
	}
	return resource.ID(value.StringValue()), nil
}
