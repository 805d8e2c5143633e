import { printedMemory } from "../../files/memory.ts";
import { stackRecords } from "../../fleet/dns/records.ts";
import type { Effect } from "../../fleet/effect.ts";
import type { Fleet, Host } from "../../fleet/model.ts";
import { type Change, changeOf, difference, entries, pairs } from "./change.ts";
import { imageWords } from "./imageWords.ts";
import { recordChanges } from "./recordChanges.ts";
import { ringChanges } from "./ringChanges.ts";
import { same, valueWords } from "./value.ts";

interface Meaning {
  readonly words: string;
  readonly effect: Effect;
  readonly consequence: string;
}

const onPaper = {
  effect: "none",
  consequence: "what fits is counted again, nothing on the host changes",
} as const;
const unknown = { effect: "interrupts", consequence: "see `pulumi preview` for what it does" } as const;

const stackMeanings: Readonly<Record<string, Meaning>> = {
  domain: {
    words: "domain",
    effect: "interrupts",
    consequence: "every tenant has other addresses and another issuer; DNS must be there first",
  },
  elsewhere: { words: "hosts of other stacks", effect: "none", consequence: "nothing on a host changes" },
  tls: {
    words: "certificates",
    effect: "interrupts",
    consequence: "site files swapped; another authority's certificates are made again for every name",
  },
  dns: {
    words: "DNS",
    effect: "interrupts",
    consequence: "records change; resolvers keep old ones for a while",
  },
  edge: {
    words: "edge",
    effect: "interrupts",
    consequence: "visitors take another way in; DNS has to lead there, and hosts believe other addresses",
  },
  overcommit: { words: "overcommit", ...onPaper },
  removeAtOncePercent: {
    words: "removeAtOnce, in percent,",
    effect: "none",
    consequence: "how many tenants one run may remove where data is not protected",
  },
};

const hostMeanings: Readonly<Record<string, Meaning>> = {
  address: {
    words: "engine",
    effect: "destroys",
    consequence: "another machine: nothing moves there, and what runs on the old one is left behind",
  },
  ssh: {
    words: "SSH access",
    effect: "in-place",
    consequence: "the host's scripts run again, and change nothing that is right",
  },
  engine: {
    words: "kind of engine",
    effect: "destroys",
    consequence: "another engine has its own containers and volumes: nothing moves there",
  },
  publicAddress: {
    words: "public address",
    effect: "in-place",
    consequence: "DNS records and the edge lead there",
  },
  memoryMiB: { words: "memory", ...onPaper },
  reserveMiB: { words: "reserve", ...onPaper },
  networkPool: {
    words: "network pool",
    effect: "interrupts",
    consequence: "every tenant's networks and containers are replaced, about 20 s down each",
  },
  httpPort: { words: "HTTP port", effect: "interrupts", consequence: "Caddy listens there after a reload" },
  httpsPort: {
    words: "HTTPS port",
    effect: "interrupts",
    consequence: "Caddy listens there after a reload; every tenant has other addresses and another issuer",
  },
  healthIntervalSeconds: {
    words: "health interval",
    effect: "interrupts",
    consequence: "every container of the host is replaced, about 20 s down per tenant",
  },
  inputRule: { words: "input rule", effect: "in-place", consequence: "the firewall's gate is passed again" },
};

/** What changes about a stack itself: its configuration, its hosts, and its rings. */
export function stackChanges(before: Fleet, after: Fleet): Change[] {
  return [
    ...ringChanges(before.rings, after.rings),
    ...entries(before.config, after.config).flatMap(([name, from, to]) => {
      if (name === "stack" || same(from, to)) return [];
      if (name === "hosts") return hostChanges(before, after);
      if (name === "hostImages") return hostImageChanges(before, after);
      if (name === "protectData") return protection(after.config.protectData);
      if (name === "tls") return certificates(before, after);
      return meant("stack", name, stackMeanings[name], from, to);
    }),
    ...recordChanges(stackRecords(before.config), stackRecords(after.config)),
  ];
}

function meant(
  subject: string,
  name: string,
  meaning: Meaning | undefined,
  from: unknown,
  to: unknown,
): Change[] {
  const { words, effect, consequence } = meaning ?? { words: name, ...unknown };
  const isMemory = name.endsWith("MiB") && typeof from === "number" && typeof to === "number";
  const value = isMemory ? `${printedMemory(from)} → ${printedMemory(to)}` : valueWords(from, to);
  const property = subject === "stack" ? name : `${subject.replace(" ", "s.")}.${name}`;
  const of = subject === "stack" ? "" : ` of ${subject}`;
  return changeOf(subject, effect, [difference(property, `${words}${of} ${value}`)], consequence);
}

/** The e-mail address is the authority's affair; mode and authority are every browser's. */
function certificates({ config: before }: Fleet, { config: after }: Fleet): Change[] {
  const authority = ({ tls }: typeof before) => (tls.mode === "acme" ? (tls.ca ?? "usual") : tls.mode);
  const meaning = stackMeanings.tls;
  if (meaning === undefined || authority(before) !== authority(after)) {
    return meant("stack", "tls", meaning, before.tls, after.tls);
  }
  const quiet = { ...meaning, effect: "in-place", consequence: "Caddy's file is swapped" } as const;
  return meant("stack", "tls", quiet, before.tls, after.tls);
}

function protection(isOn: boolean): Change[] {
  const found = [difference("protectData", `protectData ${!isOn} → ${isOn}`)];
  return isOn
    ? changeOf("stack", "in-place", found, "no edit deletes data from then on")
    : changeOf("stack", "destroys", found, "from then on removing a tenant deletes its data and root key");
}

function hostChanges(before: Fleet, after: Fleet): Change[] {
  const hosts = ({ config }: Fleet) => new Map(Object.entries(config.hosts));
  return pairs<Host>(hosts(before), hosts(after)).flatMap(([name, from, to]) => {
    const subject = `host ${name}`;
    const is = (words: string) => [difference(`hosts.${name}`, `${subject} ${words}`)];
    if (from === undefined)
      return changeOf(subject, "in-place", is("is new"), "Caddy and the firewall are made there");
    if (to === undefined) {
      return changeOf(
        subject,
        "interrupts",
        is("is gone"),
        "its Caddy, certificates and firewall are removed",
      );
    }
    return entries(from, to).flatMap(([field, a, b]) => {
      if (same(a, b)) return [];
      const meaning = field === "address" && isSameMachine(from, to) ? otherWay : hostMeanings[field];
      return meant(subject, field, meaning, a, b);
    });
  });
}

const otherWay: Meaning = {
  words: "engine",
  effect: "in-place",
  consequence:
    "another way to the same machine, as its key says; the host's scripts run again, and nothing moves",
};

/** A machine over SSH is who its pinned key says; its user, port and name are only the way there. */
const isSameMachine = (a: Host, b: Host) => a.ssh !== undefined && a.ssh.hostKey === b.ssh?.hostKey;

function hostImageChanges({ config: before }: Fleet, { config: after }: Fleet): Change[] {
  return entries(before.hostImages, after.hostImages).flatMap(([name, from, to]) => {
    if (same(from, to)) return [];
    const words = `image of ${name} ${imageWords(String(from), String(to))}`;
    const found = [difference(`hostImages.${name}`, words)];
    return name === "caddy"
      ? changeOf(
          "stack",
          "interrupts",
          found,
          "Caddy replaced on every host, about half a second without sites",
        )
      : changeOf("stack", "in-place", found, "replaced on every host; its rules are off for some seconds");
  });
}
