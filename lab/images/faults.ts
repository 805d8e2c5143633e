/** What to say when a build tool is missing or fails. Pure, so that every message can be tested. */

const INSTALL: Readonly<Record<string, string>> = {
  go: "Install Go 1.24 or newer and put it on PATH (it fetches a newer one by itself where a module needs that).",
  npm: "Install npm, which comes with Node.",
  python3: "Install Python 3 and pip (Debian, Ubuntu: apt-get install python3-pip).",
  "apt-get": "The lab takes C libraries from Debian or Ubuntu packages: build the images on one of the two.",
  "dpkg-deb": "The lab takes C libraries from Debian or Ubuntu packages: build the images on one of the two.",
};

const REMEDY: readonly (readonly [RegExp, string])[] = [
  [/No module named pip/, "Install pip (Debian, Ubuntu: apt-get install python3-pip)."],
  [/Unable to locate package|has no installation candidate/, "Run apt-get update, then retry."],
  [
    /do not match the hashes|EINTEGRITY|SECURITY ERROR|checksum mismatch/i,
    "A download is not what was pinned: retry, and if it stays so, do not use that registry.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|no such host|i\/o timeout|Could not resolve|Temporary failure|Read timed out|connection (refused|reset)/i,
    "Check the network, and the proxy or registry mirror that this tool is set to; finished work is kept.",
  ],
  [
    /signal: killed|cannot allocate memory|out of memory/i,
    "The machine ran out of memory: end other builds and retry; finished work is kept.",
  ],
];

/**
 * @param code   Node's error code where the tool could not even be started
 * @param output what it wrote
 * @param freeMiB room left where the cache is
 */
export function toolFault(
  tool: string,
  args: readonly string[],
  code: string | undefined,
  output: string,
  freeMiB: number,
): string {
  if (code === "ENOENT") return `${tool} is not on PATH. ${INSTALL[tool] ?? `Install ${tool}.`}`;
  if (isDiskFull(output)) return diskFault(`${tool} ran out of disk space`, freeMiB);
  const remedy = REMEDY.find(([pattern]) => pattern.test(output))?.[1];
  const end = output.trim().split("\n").slice(-8);
  return [
    `${tool} ${args.slice(0, 2).join(" ")} failed:`,
    ...end.map((line) => `  ${line.slice(0, 300)}`),
    ...(remedy ? [remedy] : []),
  ].join("\n");
}

export const isDiskFull = (text: string) => /no space left on device|ENOSPC|disk quota exceeded/i.test(text);

export const diskFault = (what: string, freeMiB: number) =>
  `${what}: ${freeMiB} MiB are left, building all images needs about 4 GiB with Go's own caches. ` +
  `Free some space (go clean -cache; docker system prune), or move the cache: export OLYMPUS_FLEET_CACHE=/path`;
