package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

var errGone = errors.New("no such record")

var client = &http.Client{Timeout: 30 * time.Second}

// setting reads a provider argument, or the variable that the official plugin falls back to.
func setting(c native.Call, argument resource.PropertyKey, variable string) string {
	if v := c.Config[argument]; v.IsString() && v.StringValue() != "" {
		return v.StringValue()
	}
	return os.Getenv(variable)
}

// request calls the API for one record of a zone, or for the zone's records where id is empty.
func request(c native.Call, method string, p native.Props, id string, body any) (map[string]any, error) {
	base := setting(c, "baseUrl", "CLOUDFLARE_BASE_URL")
	if base == "" {
		base = "https://api.cloudflare.com/client/v4"
	}
	path := fmt.Sprintf("/zones/%s/dns_records", url.PathEscape(p["zoneId"].StringValue()))
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(c.Context, method, strings.TrimSuffix(base, "/")+path, content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token := setting(c, "apiToken", "CLOUDFLARE_API_TOKEN"); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	} else {
		req.Header.Set("X-Auth-Email", setting(c, "email", "CLOUDFLARE_EMAIL"))
		req.Header.Set("X-Auth-Key", setting(c, "apiKey", "CLOUDFLARE_API_KEY"))
	}
	return send(req)
}

func send(req *http.Request) (map[string]any, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	what := fmt.Sprintf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
	if resp.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", what, errGone)
	}
	var answer struct {
		Success bool             `json:"success"`
		Errors  []map[string]any `json:"errors"`
		Result  map[string]any   `json:"result"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if !answer.Success || resp.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("%s: %v", what, answer.Errors)
	}
	return answer.Result, nil
}
