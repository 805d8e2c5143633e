import { z } from "zod";

// Answers of the Docker Engine API, as far as they are looked at: docs.docker.com/reference/api/engine, from 1.41.

const labels = z.record(z.string(), z.string()).nullish();
export type Labels = z.infer<typeof labels>;

export const infoAnswer = z.looseObject({
  Driver: z.string().optional(),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  CgroupVersion: z.string().optional(),
  CgroupDriver: z.string().optional(),
  MemoryLimit: z.boolean().optional(),
  SwapLimit: z.boolean().optional(),
  PidsLimit: z.boolean().optional(),
  CPUShares: z.boolean().optional(),
  IPv4Forwarding: z.boolean().optional(),
  LoggingDriver: z.string().optional(),
  DockerRootDir: z.string().optional(),
  MemTotal: z.number().optional(),
  NCPU: z.number().optional(),
  Architecture: z.string().optional(),
  OperatingSystem: z.string().optional(),
  LiveRestoreEnabled: z.boolean().optional(),
  Rootless: z.boolean().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
  Warnings: z.array(z.string()).nullish(),
  DefaultAddressPools: z.array(z.looseObject({ Base: z.string() })).nullish(),
});
/** What an engine tells about itself and its machine; Podman leaves some of it out. */
export type Info = z.infer<typeof infoAnswer>;

export const networksAnswer = z.array(
  z.looseObject({
    Name: z.string(),
    Id: z.string(),
    Labels: labels,
    Options: z.record(z.string(), z.string()).nullish(),
    IPAM: z
      .looseObject({ Config: z.array(z.looseObject({ Subnet: z.string().optional() })).nullish() })
      .nullish(),
  }),
);

export const containersAnswer = z.array(
  z.looseObject({
    Names: z.array(z.string()),
    Labels: labels,
    State: z.string(),
    Status: z.string().nullish(),
    Ports: z
      .array(z.looseObject({ PublicPort: z.number().optional(), Type: z.string().optional() }))
      .nullish(),
  }),
);

export const volumesAnswer = z.looseObject({
  Volumes: z.array(z.looseObject({ Name: z.string(), Labels: labels })).nullish(),
});

export const imagesAnswer = z.array(
  z.looseObject({ RepoTags: z.array(z.string()).nullish(), RepoDigests: z.array(z.string()).nullish() }),
);
