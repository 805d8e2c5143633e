// Command pulumi-resource-random serves the upstream Random provider to the Pulumi engine.
package main

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/terraform-providers/terraform-provider-random/shim"

	"olympus-fleet/lab/toolchain/plugins/internal/bridge"
)

// version is set by the build to what the npm package asks for.
var version = "0.0.0"

func main() {
	bridge.Main(bridge.Provider{
		Name:    "random",
		Version: version,
		Server:  providerserver.NewProtocol5(shim.NewProvider())(),
		Resources: map[string]bridge.Resource{
			"random_bytes":    {Token: "random:index/randomBytes:RandomBytes", ID: "base64"},
			"random_id":       {Token: "random:index/randomId:RandomId"},
			"random_integer":  {Token: "random:index/randomInteger:RandomInteger"},
			"random_password": {Token: "random:index/randomPassword:RandomPassword"},
			"random_pet":      {Token: "random:index/randomPet:RandomPet"},
			"random_string":   {Token: "random:index/randomString:RandomString"},
			"random_uuid":     {Token: "random:index/randomUuid:RandomUuid"},
		},
	})
}
