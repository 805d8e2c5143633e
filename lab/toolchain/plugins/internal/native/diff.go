package native

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func (s *server) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	news, err := fromPulumi(r.GetNews())
	if err != nil {
		return nil, err
	}
	inputs, err := toPulumi(news)
	return &pulumirpc.CheckResponse{Inputs: inputs, Failures: res.check(news)}, err
}

func (res Resource) check(news Props) []*pulumirpc.CheckFailure {
	var failures []*pulumirpc.CheckFailure
	for key := range news {
		if !slices.Contains(res.Inputs, string(key)) {
			failures = append(failures, &pulumirpc.CheckFailure{Property: string(key), Reason: "no such property"})
		}
	}
	for _, name := range res.Required {
		if _, ok := news[resource.PropertyKey(name)]; !ok {
			failures = append(failures, &pulumirpc.CheckFailure{Property: name, Reason: "missing required property"})
		}
	}
	return failures
}

func (s *server) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	res, err := s.find(r.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := fromPulumi(r.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := fromPulumi(r.GetNews())
	if err != nil {
		return nil, err
	}
	return res.diff(bare(olds), bare(news), r.GetIgnoreChanges()), nil
}

// diff compares the stored inputs with the new ones, property by property. A secret mark is no difference.
func (res Resource) diff(olds, news Props, ignore []string) *pulumirpc.DiffResponse {
	for _, text := range ignore {
		if path, err := resource.ParsePropertyPath(text); err == nil && len(path) > 0 {
			path.Reset(olds, news)
		}
	}
	answer := same()
	for _, name := range res.Inputs {
		key := resource.PropertyKey(name)
		for _, change := range changes(resource.PropertyPath{name}, olds[key], news[key]) {
			change.add(answer, res.Replace[name])
		}
	}
	return answer
}
