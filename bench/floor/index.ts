import * as docker from "@pulumi/docker";

/** Eight a tenant, as a fleet has. */
const containers = 8 * Number(process.env.FLOOR_TENANTS);
/** As a tenant's containers have, on average. */
const variables = 25;

const provider = new docker.Provider("host", { host: "unix:///var/run/docker.sock" });
for (let index = 0; index < containers; index++) {
  new docker.Container(
    `bare-${index}`,
    {
      name: `bare-${index}`,
      image: "registry.example/bare:1",
      envs: Array.from({ length: variables }, (_, number) => `VARIABLE_${number}=value of ${number}`),
    },
    { provider },
  );
}
