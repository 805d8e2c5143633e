import { describe, expect, test } from "vitest";
import { fingerprint } from "../../../hosts/ssh/hostKey.ts";
import { reachFailure } from "../../../hosts/ssh/reach.ts";
import { judged } from "../../../reports/doctor/doctor.ts";
import { facts, subject } from "./healthy.ts";

/** As OpenSSH 9.2 complains; the last words of each finding. */
const complaints: readonly (readonly [what: string, complaint: string, found: RegExp, remedy: RegExp])[] = [
  [
    "another key",
    `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:uNiVztksCsDhcc0u9e8BrhujwLWhVjT3JExgGdmUx9o.
Please contact your system administrator.
Host key verification failed.`,
    /shows another ED25519 key \(SHA256:uNiVztksCsDhcc0u9e8BrhujwLWhVjT3JExgGdmUx9o\) than the pinned one \(SHA256:/,
    /ssh-keygen -l -f/,
  ],
  [
    "no key of that type",
    "Unable to negotiate with 192.0.2.7 port 22: no matching host key type found. Their offer: rsa-sha2-512,rsa-sha2-256",
    /has no ssh-ed25519 key, only rsa-sha2-512,rsa-sha2-256/,
    /cut -d ' ' -f 1,2/,
  ],
  [
    "no key that is known there",
    "deploy@eu-1: Permission denied (publickey).",
    /does not let deploy in \(publickey\)/,
    /ssh-copy-id deploy@eu-1/,
  ],
  [
    "too many keys",
    "Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures",
    /more keys than it looks at/,
    /identityFile/,
  ],
  [
    "a key file of others",
    "@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @",
    /others may read the key/,
    /chmod 600/,
  ],
  [
    "an unknown name",
    "ssh: Could not resolve hostname eu-1.example.net: Name or service not known",
    /eu-1\.example\.net has no address/,
    /getent hosts/,
  ],
  [
    "nobody at the port",
    "ssh: connect to host eu-1 port 22: Connection refused",
    /nothing listens at port 22/,
    /enable --now ssh/,
  ],
  ["silence", "ssh: connect to host eu-1 port 22: Connection timed out", /does not answer in time/, /nc -vz/],
  ["silence in the middle", "Timeout, server eu-1 not responding.", /does not answer in time/, /nc -vz/],
  ["no way", "ssh: connect to host eu-1 port 22: No route to host", /no route to host/, /ip route get/],
  [
    "a connection that is dropped",
    "kex_exchange_identification: read: Connection reset by peer",
    /closes the connection/,
    /MaxStartups|maxstartups/,
  ],
  [
    "an ssh of another time",
    "command-line: line 0: Bad configuration option: knownhostscommand",
    /older than 8\.5/,
    /install openssh-client/,
  ],
  ["something that nobody thought of", "ssh: it is Tuesday", /it is Tuesday/, /ssh -v/],
];

describe("a host that cannot be signed in to is judged by that alone", () => {
  test.each(complaints)("%s", (_, complaint, found, remedy) => {
    const reach = reachFailure(complaint);
    const findings = judged(subject(), facts({ reach }));
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ["ssh here", "ok"],
      ["reach", "error"],
    ]);
    const finding = findings[1];
    if (finding === undefined || finding.level === "ok") throw new Error("nothing was found");
    expect(finding.found).toMatch(found);
    expect(finding.remedy.lines.join("\n")).toMatch(remedy);
  });

  test("each kind has words of its own", () => {
    const said = complaints.map(
      ([, complaint]) => judged(subject(), facts({ reach: reachFailure(complaint) }))[1]?.found,
    );
    expect(new Set(said).size).toBe(complaints.length - 1);
  });

  test("there is no ssh here", () => {
    const findings = judged(subject(), facts({ reach: { kind: "no-client" }, sshVersion: undefined }));
    expect(findings).toMatchObject([{ level: "error", found: "there is no ssh command on this machine" }]);
  });
});

test("a fingerprint is the one that ssh-keygen -l prints", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  expect(fingerprint(key)).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
});
