package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"olympus-fleet/lab/toolchain/plugins/internal/native"
)

// zone answers like Cloudflare for the zone "z".
func zone(t *testing.T) native.Call {
	t.Helper()
	records := map[string]map[string]any{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"success":false,"errors":[{"code":9109,"message":"Invalid access token"}]}`)
			return
		}
		var id string
		if r.Method == http.MethodPost {
			id = fmt.Sprint("r", len(records))
			records[id] = map[string]any{"id": id, "created_on": "now"}
		} else if _, err := fmt.Sscanf(r.URL.Path, "/zones/z/dns_records/%s", &id); err != nil || records[id] == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.Method == http.MethodPost || r.Method == http.MethodPut {
			record := records[id]
			_ = json.NewDecoder(r.Body).Decode(&record)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": records[id]})
		if r.Method == http.MethodDelete {
			delete(records, id)
		}
	}))
	t.Cleanup(api.Close)
	return native.Call{Context: t.Context(), Config: resource.NewPropertyMapFromMap(map[string]any{"apiToken": "token", "baseUrl": api.URL})}
}

func TestARecordFromCreateToDelete(t *testing.T) {
	c, r := zone(t), dnsRecord()
	in := resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z", "name": "acme.example.com", "type": "CNAME", "ttl": 1.0, "content": "a"})
	id, out, err := r.Create(c, in)
	if err != nil || id != "r0" || out["createdOn"].StringValue() != "now" {
		t.Fatal(id, out, err)
	}
	in["content"] = resource.NewStringProperty("b")
	if _, err := r.Update(c, id, nil, in); err != nil {
		t.Fatal(err)
	}
	found, err := r.Read(c, id, in)
	if err != nil || found["content"].StringValue() != "b" {
		t.Fatal(found, err)
	}
	if err := r.Delete(c, id, in); err != nil {
		t.Fatal(err)
	}
	if found, err := r.Read(c, id, in); err != nil || found != nil {
		t.Fatal("a record that is gone must read as gone", found, err)
	}
}

func TestARefusalIsShownAsTheOfficialPluginShowsIt(t *testing.T) {
	c := zone(t)
	c.Config["apiToken"] = resource.NewStringProperty("wrong")
	_, _, err := dnsRecord().Create(c, resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z"}))
	want := fmt.Sprintf("failed to make http request: POST %q: 403 Forbidden ", c.Config["baseUrl"].StringValue()+"/zones/z/dns_records") +
		`{"success":false,"errors":[{"code":9109,"message":"Invalid access token"}]}`
	if err == nil || err.Error() != want {
		t.Fatal(err)
	}
}

func TestWhatIsProxiedHasNoTimeToLive(t *testing.T) {
	in := resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z", "name": "a", "type": "A", "ttl": 300.0, "proxied": true})
	if _, _, err := dnsRecord().Create(zone(t), in); err == nil || !strings.Contains(err.Error(), "ttl must be set to 1") {
		t.Fatal(err)
	}
}

func TestARecordThatIsGoneCannotBeDeleted(t *testing.T) {
	err := dnsRecord().Delete(zone(t), "r9", resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z"}))
	if !errors.Is(err, errGone) {
		t.Fatal(err)
	}
}

func TestAnImportTakesZoneAndRecord(t *testing.T) {
	c, r := zone(t), dnsRecord()
	in := resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z", "name": "acme.example.com", "type": "A", "ttl": 1.0, "content": "a"})
	if _, _, err := r.Create(c, in); err != nil {
		t.Fatal(err)
	}
	id, found, _, err := r.Import(c, "z/r0")
	if err != nil || id != "r0" || found["zoneId"].StringValue() != "z" || found["content"].StringValue() != "a" {
		t.Fatal(id, found, err)
	}
	if _, _, _, err := r.Import(c, "r0"); err == nil {
		t.Fatal("an id without its zone must be refused")
	}
}

func TestABusyServerIsAskedAgain(t *testing.T) {
	var calls int
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls < 3 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, `{"success":true,"result":{"id":"r0"}}`)
	}))
	t.Cleanup(api.Close)
	waits = []time.Duration{time.Millisecond, time.Millisecond}
	c := native.Call{Context: t.Context(), Config: resource.NewPropertyMapFromMap(map[string]any{"baseUrl": api.URL})}
	if found, err := record(c, "GET", "z", "r0", nil); err != nil || found["id"] != "r0" || calls != 3 {
		t.Fatal(found, err, calls)
	}
}

func TestAListGoesThroughAllPages(t *testing.T) {
	var queries []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		page := r.URL.Query().Get("page")
		if page == "3" {
			fmt.Fprint(w, `{"success":true,"result":[]}`)
			return
		}
		fmt.Fprintf(w, `{"success":true,"result":[{"id":"r%s","name":"n","type":"A","content":"c","comment":null}]}`, page)
	}))
	t.Cleanup(api.Close)
	c := native.Call{Context: t.Context(), Config: resource.NewPropertyMapFromMap(map[string]any{"baseUrl": api.URL})}
	args := resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z", "name": map[string]any{"endswith": ".x"}})
	answer, err := list(c, args)
	if err != nil || len(answer["results"].ArrayValue()) != 2 || queries[0] != "name.endswith=.x&page=1" {
		t.Fatal(answer, err, queries)
	}
	args["maxItems"] = resource.NewNumberProperty(1)
	if answer, _ := list(c, args); len(answer["results"].ArrayValue()) != 1 {
		t.Fatal(answer)
	}
}
