import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { Host } from "../../../../components/docker/host/host.ts";
import type { Host as HostConfig, HostImages } from "../../../../fleet/model.ts";

/** What the test has put into the project's folder. */
export interface Input {
  readonly host: HostConfig;
  readonly images: HostImages;
  readonly tenants: number;
  /** How long each of the two gates of a tenant takes. */
  readonly gateSeconds: number;
}

/*
 * A Pulumi program of its own: a host as the fleet has it, and for each of many tenants what a tenant does to the way
 * to its host, without the work: networks, a volume, containers that are made and not started, gates, a site.
 */
const {
  host: config,
  images,
  tenants,
  gateSeconds,
} = JSON.parse(readFileSync("input.json", "utf8")) as Input;
const host = new Host(config.name, { config, tls: { mode: "internal" }, images });
const script = (name: string, text: pulumi.Input<string>, dependsOn: pulumi.Resource[], onDelete = false) =>
  host.shell.run(name, { script: text, onDelete }, { parent: host, dependsOn });

for (let number = 0; number < tenants; number++) {
  const named = (part: string) => `t${number}-${part}`;
  const child = host.child();
  const networks = ["internal", "egress"].map(
    (kind, index) =>
      new docker.Network(
        named(kind),
        { name: named(kind), ipamConfigs: [{ subnet: `10.${200 + index}.${number}.0/28` }] },
        { ...child, dependsOn: host.ready },
      ),
  );
  const volume = new docker.Volume(named("data"), { name: named("data") }, child);
  const containers = ["postgres", "kratos"].map(
    (part, index) =>
      new docker.Container(
        named(part),
        {
          name: named(part),
          image: images.caddy,
          entrypoints: ["sleep", "infinity"],
          start: false,
          mustRun: false,
          networksAdvanced: [{ name: networks[index]?.name ?? "" }],
        },
        { ...child, dependsOn: [host.image(images.caddy), volume] },
      ),
  );
  const ids = containers.map(({ id }) => id);
  const started = script(
    named("gate-migrate"),
    ids[0]?.apply((id) => `docker inspect ${id} >/dev/null </dev/null; sleep ${gateSeconds}`) ?? "",
    containers,
  );
  const ready = script(named("gate-ready"), `sleep ${gateSeconds}; echo ready`, [started]);
  script(named("vhost"), `docker exec olympus-caddy echo "$1" </dev/null`, [ready], true);
}
