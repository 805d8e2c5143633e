import { join } from "node:path";
import { libraries } from "./base.ts";
import { copy, link, tree } from "./entries.ts";
import { type Layer, layer } from "./layers.ts";

const LIBRARIES = [
  ...["libip4tc.so.2", "libip6tc.so.2", "libxtables.so.12"],
  ...["libmnl.so.0", "libnftnl.so.11", "libnetfilter_conntrack.so.3", "libnfnetlink.so.0"],
];
/** iptables speaks to the kernel in two ways; each is one program that goes by what it is called. */
const COMMANDS = [
  "iptables",
  "ip6tables",
  "iptables-save",
  "ip6tables-save",
  "iptables-restore",
  "ip6tables-restore",
];

/** iptables and ip6tables; plain names use nf_tables as Debian's do, `iptables-legacy` the older interface. */
export async function firewallLayer(debian: string): Promise<Layer> {
  return layer("firewall", import.meta.filename, [debian], async () => [
    ...(await Promise.all(
      ["xtables-nft-multi", "xtables-legacy-multi"].map((name) =>
        copy(`usr/sbin/${name}`, join(debian, "usr/sbin", name)),
      ),
    )),
    ...COMMANDS.flatMap((command) => {
      const [family, action] = command.split("-");
      const suffix = action ? `-${action}` : "";
      return [
        link(`usr/sbin/${command}`, "xtables-nft-multi"),
        link(`usr/sbin/${family}-nft${suffix}`, "xtables-nft-multi"),
        link(`usr/sbin/${family}-legacy${suffix}`, "xtables-legacy-multi"),
      ];
    }),
    ...(await libraries(debian, LIBRARIES)),
    ...(await tree("usr/lib/x86_64-linux-gnu/xtables", join(debian, "usr/lib/x86_64-linux-gnu/xtables"))),
  ]);
}
