// Package bridge serves a Terraform provider as a Pulumi resource plugin. It asks the provider's own
// protocol server to plan, apply and read, as Terraform core does, and translates names and values. So
// what counts as a change, and what forces a replacement, stays the provider's decision.
package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"olympus-fleet/lab/toolchain/plugins/internal/serve"
)

// Resource maps one Terraform resource or data source to a Pulumi token.
type Resource struct {
	Token string
	// ID is the attribute that holds the resource's ID, by default "id".
	ID string
	// Names holds the property names that the naming rule would get wrong, by attribute.
	Names map[string]string
	// DeleteBeforeReplace is for resources that hold something only one can have, such as a port.
	DeleteBeforeReplace bool
}

// Provider is what Main serves: a provider of plugin SDK v2, or a server of protocol 5 (plugin framework).
type Provider struct {
	Name, Version          string
	SDK                    *schema.Provider
	Server                 tfprotov5.ProviderServer
	Resources, DataSources map[string]Resource
	ConfigNames            map[string]string
	ConfigDefaults         resource.PropertyMap
}

// kind is a resource or data source as both sides know it.
type kind struct {
	Resource
	terraform  string
	attributes attributes
	ty         cty.Type
}

type server struct {
	pulumirpc.UnimplementedResourceProviderServer
	provider         Provider
	terraform        tfprotov5.ProviderServer
	configAttributes attributes
	configType       cty.Type
	resources, data  map[string]*kind // by token
}

// Main serves p until the engine goes away.
func Main(p Provider) {
	silence()
	serve.Main(p.Version, func(string) (pulumirpc.ResourceProviderServer, error) { return newServer(p) })
}

// silence closes every way for upstream code to log: it logs whole configurations, secrets among them,
// and the engine would show them.
func silence() {
	log.SetOutput(io.Discard)
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "TF_LOG") {
			_ = os.Unsetenv(name)
		}
	}
}

func newServer(p Provider) (*server, error) {
	s := &server{provider: p, terraform: p.Server}
	sdk := p.SDK
	if sdk != nil {
		s.terraform = schema.NewGRPCProviderServer(sdk)
	} else {
		sdk = &schema.Provider{}
	}
	all, err := s.terraform.GetProviderSchema(context.Background(), &tfprotov5.GetProviderSchemaRequest{})
	if err == nil {
		err = failure(all.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	s.configType = typeOf(all.Provider.ValueType())
	if s.configAttributes = fromSDK(sdk.Schema); p.SDK == nil {
		s.configAttributes = fromProtocol(all.Provider.Block)
	}
	var missing [2]error
	s.resources, missing[0] = kinds(p.Resources, all.ResourceSchemas, sdk.ResourcesMap)
	s.data, missing[1] = kinds(p.DataSources, all.DataSourceSchemas, sdk.DataSourcesMap)
	return s, errors.Join(missing[:]...)
}

func kinds(
	wanted map[string]Resource, offered map[string]*tfprotov5.Schema, sdk map[string]*schema.Resource,
) (map[string]*kind, error) {
	found := map[string]*kind{}
	for terraform, r := range wanted {
		offer, ok := offered[terraform]
		if !ok {
			return nil, fmt.Errorf("the upstream provider has no %s", terraform)
		}
		k := &kind{Resource: r, terraform: terraform, ty: typeOf(offer.ValueType())}
		if known := sdk[terraform]; known != nil {
			k.attributes = fromSDK(known.SchemaMap())
		} else {
			k.attributes = fromProtocol(offer.Block)
		}
		found[r.Token] = k
	}
	return found, nil
}

func (s *server) kind(urn string) (*kind, error) {
	token := string(resource.URN(urn).Type())
	if k, ok := s.resources[token]; ok {
		return k, nil
	}
	return nil, status.Errorf(codes.NotFound, "%s: unknown resource type %s", s.provider.Name, token)
}

func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: s.provider.Version}, nil
}

func (s *server) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{
		Schema: fmt.Sprintf(`{"name":%q,"version":%q}`, s.provider.Name, s.provider.Version),
	}, nil
}

func (s *server) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// Cancel is the operator's Ctrl-C: the provider aborts what it waits for.
func (s *server) Cancel(ctx context.Context, _ *emptypb.Empty) (*emptypb.Empty, error) {
	_, err := s.terraform.StopProvider(ctx, &tfprotov5.StopProviderRequest{})
	return &emptypb.Empty{}, err
}

// failure joins the errors among diagnostics; warnings are dropped.
func failure(diagnostics []*tfprotov5.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		switch {
		case d.Severity != tfprotov5.DiagnosticSeverityError:
		case d.Detail != "":
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		default:
			all = append(all, errors.New(d.Summary))
		}
	}
	return errors.Join(all...)
}
