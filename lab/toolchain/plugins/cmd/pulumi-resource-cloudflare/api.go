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
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

var errGone = errors.New("no such record")

var client = &http.Client{Timeout: 30 * time.Second}

// Waits before a request is repeated, unless the answer names one; the official client repeats twice.
var waits = []time.Duration{500 * time.Millisecond, time.Second}

// longestWait is what is waited at most because an answer asks for it.
const longestWait = time.Minute

// setting reads a provider argument, or the variable that the official plugin falls back to.
func setting(c native.Call, argument resource.PropertyKey, variable string) string {
	if v := c.Config[argument]; v.IsString() && v.StringValue() != "" {
		return v.StringValue()
	}
	return os.Getenv(variable)
}

// envelope is what the API wraps every answer in.
type envelope struct {
	Result json.RawMessage `json:"result"`
}

// record calls the API for one record of a zone, or to make one where id is empty.
func record(c native.Call, method, zone, id string, body any) (map[string]any, error) {
	path := "/zones/" + url.PathEscape(zone) + "/dns_records"
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	answer, err := call(c, method, path, body)
	if err != nil {
		return nil, err
	}
	var found map[string]any
	return found, json.Unmarshal(answer.Result, &found)
}

// call asks the API once, and again when it is busy or down.
func call(c native.Call, method, path string, body any) (envelope, error) {
	base := setting(c, "baseUrl", "CLOUDFLARE_BASE_URL")
	if base == "" {
		base = "https://api.cloudflare.com/client/v4"
	}
	var content []byte
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return envelope{}, err
		}
		content = encoded
	}
	for attempt := 0; ; attempt++ {
		req, err := http.NewRequestWithContext(c.Context, method, strings.TrimSuffix(base, "/")+path, bytes.NewReader(content))
		if err != nil {
			return envelope{}, err
		}
		authorize(c, req)
		answer, wait, err := send(req)
		if err == nil || wait < 0 || attempt == len(waits) {
			return answer, err
		}
		select {
		case <-time.After(max(wait, waits[attempt])):
		case <-c.Context.Done():
			return envelope{}, c.Context.Err()
		}
	}
}

func authorize(c native.Call, req *http.Request) {
	req.Header.Set("Content-Type", "application/json")
	if token := setting(c, "apiToken", "CLOUDFLARE_API_TOKEN"); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		return
	}
	req.Header.Set("X-Auth-Email", setting(c, "email", "CLOUDFLARE_EMAIL"))
	req.Header.Set("X-Auth-Key", setting(c, "apiKey", "CLOUDFLARE_API_KEY"))
}

// send returns how long to wait before another try; negative: there is no use in one.
func send(req *http.Request) (answer envelope, wait time.Duration, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return answer, 0, fmt.Errorf("failed to make http request: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer, 0, err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("failed to make http request: %s %q: %s %s", req.Method, req.URL, resp.Status, body)
		if resp.StatusCode == http.StatusNotFound {
			err = errors.Join(err, errGone)
		}
		return answer, retryAfter(resp), err
	}
	return answer, -1, json.Unmarshal(body, &answer)
}

func retryAfter(resp *http.Response) time.Duration {
	switch code := resp.StatusCode; {
	case code == http.StatusRequestTimeout, code == http.StatusConflict, code >= http.StatusInternalServerError:
		return 0
	case code != http.StatusTooManyRequests:
		return -1
	}
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if wait := time.Duration(seconds) * time.Second; err == nil && wait <= longestWait {
		return wait
	}
	return 0
}
