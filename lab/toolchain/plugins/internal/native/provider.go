// Package native serves resources that are written here, rather than upstream, as a Pulumi plugin.
package native

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// Props are property values. What a Resource's functions get carries no secret marks.
type Props = resource.PropertyMap

// Call is what an operation may use besides its properties.
type Call struct {
	Context context.Context
	Config  Props
	Log     func(line string) // shows a line at the resource
}

// Resource is one type. Inputs are stored as outputs; Create, Update and Read return what comes on top.
type Resource struct {
	Inputs, Required, Computed []string
	// Replace names the inputs whose change makes a new resource.
	Replace map[string]bool
	// SecretByInputs marks the computed outputs secret when any input is: they may repeat it.
	SecretByInputs bool

	Create func(c Call, in Props) (id string, out Props, err error)
	Update func(c Call, id string, old, in Props) (out Props, err error)
	Read   func(c Call, id string, old Props) (out Props, err error) // nil Props: it is gone
	Delete func(c Call, id string, old Props) error
	// Import looks up what exists already by the id that a person has given; nil Props: there is none. Default: refused.
	Import func(c Call, given string) (id string, in, out Props, err error)
}

// Function is what a program may ask without making anything.
type Function func(c Call, args Props) (Props, error)

// Provider is what Main serves. Resources and functions are keyed by token.
type Provider struct {
	Name, Version string
	Resources     map[string]Resource
	Functions     map[string]Function
}

type server struct {
	pulumirpc.UnimplementedResourceProviderServer
	provider Provider
	config   Props
	engine   *provider.HostClient // nil when a debugger started the plugin
	// stopped ends when the operator presses Ctrl-C, and every call in flight with it.
	stopped context.Context
	stop    context.CancelFunc
}

// Main serves p until the engine goes away.
func Main(p Provider) {
	err := provider.Main(p.Name, func(engine *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		s := &server{provider: p, config: Props{}, engine: engine}
		s.stopped, s.stop = context.WithCancel(context.Background())
		return s, nil
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
}

var withSecrets = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipNulls: true}

func fromPulumi(s *structpb.Struct) (Props, error) { return plugin.UnmarshalProperties(s, withSecrets) }

func toPulumi(m Props) (*structpb.Struct, error) { return plugin.MarshalProperties(m, withSecrets) }

// bare removes secret marks at any depth.
func bare(m Props) Props {
	out := Props{}
	for key, v := range m {
		out[key] = bareValue(v)
	}
	return out
}

func bareValue(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsSecret():
		return bareValue(v.SecretValue().Element)
	case v.IsObject():
		return resource.NewObjectProperty(bare(v.ObjectValue()))
	case v.IsArray():
		list := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			list[i] = bareValue(e)
		}
		return resource.NewArrayProperty(list)
	}
	return v
}

func (s *server) find(urn string) (Resource, error) {
	token := string(resource.URN(urn).Type())
	if r, ok := s.provider.Resources[token]; ok {
		return r, nil
	}
	return Resource{}, status.Errorf(codes.NotFound, "%s: unknown resource type %s", s.provider.Name, token)
}

// call begins an operation that ends with its time-out, with the request, or when the operator stops.
func (s *server) call(ctx context.Context, urn string, seconds float64) (Call, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if seconds > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
	}
	release := context.AfterFunc(s.stopped, cancel)
	log := func(line string) {
		if s.engine != nil {
			_ = s.engine.Log(ctx, diag.Info, resource.URN(urn), line)
		}
	}
	return Call{Context: ctx, Config: s.config, Log: log}, func() { release(); cancel() }
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

func (s *server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	s.stop()
	return &emptypb.Empty{}, nil
}

func (s *server) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.GetNews()}, nil
}

// DiffConfig never asks for a new provider, which would replace every resource made with it.
func (s *server) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_UNKNOWN}, nil
}

func (s *server) Configure(_ context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	config, err := fromPulumi(r.GetArgs())
	s.config = bare(config)
	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, err
}
