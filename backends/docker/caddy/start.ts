import { adminSocket, configFolder } from "./places.ts";
import { loadedArchive } from "./swap.ts";

/**
 * Starts Caddy; on a new volume with nothing but the admin socket, until the first file is published. With files
 * that somebody broke by hand it starts what ran before, instead of restarting for ever.
 */
export const caddyStart = `set -eu
cd ${configFolder}
mkdir -p sites
rm -f ${adminSocket}
if [ ! -s ${loadedArchive} ] && [ ! -s Caddyfile ]; then
  printf '{\\n\\tadmin unix/${adminSocket}\\n\\tskip_install_trust\\n}\\n' > Caddyfile
fi
config=Caddyfile
if [ -s ${loadedArchive} ] && ! caddy validate --adapter caddyfile --config Caddyfile > /tmp/validation 2>&1; then
  tail -n 5 /tmp/validation >&2
  mkdir -p /tmp/loaded
  if tar -xf ${loadedArchive} -C /tmp/loaded; then
    echo "The configuration is not valid: starting what ran before." >&2
    config=/tmp/loaded/Caddyfile
  fi
fi
exec caddy run --adapter caddyfile --config "$config"
`;
