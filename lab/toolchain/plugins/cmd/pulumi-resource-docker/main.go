// Command pulumi-resource-docker serves the upstream Docker provider to the Pulumi engine.
package main

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/terraform-providers/terraform-provider-docker/shim"

	"olympus-fleet/lab/toolchain/plugins/internal/bridge"
)

// version is set by the build to what the npm package asks for.
var version = "0.0.0"

func main() {
	host := os.Getenv("DOCKER_HOST")
	if host == "" {
		host = "unix:///var/run/docker.sock"
	}
	bridge.Main(bridge.Provider{
		Name:    "docker",
		Version: version,
		SDK:     shim.NewProvider(),
		Resources: map[string]bridge.Resource{
			"docker_container": {
				Token: "docker:index/container:Container",
				// Lists that the npm package did not put in the plural.
				Names:               map[string]string{"command": "command", "networks_advanced": "networksAdvanced"},
				DeleteBeforeReplace: true,
			},
			"docker_network": {Token: "docker:index/network:Network"},
			"docker_volume":  {Token: "docker:index/volume:Volume"},
			"docker_image":   {Token: "docker:index/remoteImage:RemoteImage"},
		},
		DataSources: map[string]bridge.Resource{
			"docker_network": {Token: "docker:index/getNetwork:getNetwork"},
			"docker_image":   {Token: "docker:index/getRemoteImage:getRemoteImage"},
		},
		ConfigNames:    map[string]string{"registry_auth": "registryAuth"},
		ConfigDefaults: resource.PropertyMap{"host": resource.NewStringProperty(host)},
	})
}
