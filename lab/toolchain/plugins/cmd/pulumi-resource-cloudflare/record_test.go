package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

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
	c, r := zone(t), record()
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

func TestARefusalIsShown(t *testing.T) {
	c := zone(t)
	c.Config["apiToken"] = resource.NewStringProperty("wrong")
	_, _, err := record().Create(c, resource.NewPropertyMapFromMap(map[string]any{"zoneId": "z"}))
	if err == nil || err.Error() != "POST /zones/z/dns_records: 403 Forbidden: [map[code:9109 message:Invalid access token]]" {
		t.Fatal(err)
	}
}
