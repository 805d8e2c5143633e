// Caddy as hosts and edges need it: the standard modules, the rate limiter that the login vhosts use, and of the
// layer 4 app what routes TLS by name without ending it.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
	_ "github.com/mholt/caddy-l4/layer4"
	_ "github.com/mholt/caddy-l4/modules/l4http"
	_ "github.com/mholt/caddy-l4/modules/l4proxy"
	_ "github.com/mholt/caddy-l4/modules/l4tls"
	_ "github.com/mholt/caddy-ratelimit"
)

func main() { caddycmd.Main() }
