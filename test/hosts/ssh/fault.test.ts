import { describe, expect, test } from "vitest";
import { sshFault, unreached } from "../../../hosts/ssh/fault.ts";
import type { SshHost } from "../../../hosts/ssh/ssh.ts";
import { host } from "../../fixtures.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const eu1: SshHost = {
  ...host,
  name: "eu-1",
  ssh: { user: "deploy", hostName: "eu-1.example.com", port: 22, hostKey },
};
const withFile = { ...eu1, ssh: { ...eu1.ssh, identityFile: "~/.ssh/id" } };

/** What ssh has said before it ended; all of it is OpenSSH 9.2's own. */
const told = (err: string, of = eu1) => sshFault(of, { code: 255, out: "", err });

const changed = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
The fingerprint for the ED25519 key sent by the remote host is
SHA256:qs/EQixNGEhVef5pSK6oj3fSzmXVKdFAuDT+r/GjnUg.
Please contact your system administrator.
Host key for olympus-abc has changed and you have requested strict checking.
Host key verification failed.`;

describe("ssh could not sign in", () => {
  test("another key: both fingerprints, and where the right one is read", () => {
    expect(told(changed)).toBe(
      "it shows another key than olympus:hosts.eu-1.hostKey: ED25519 " +
        "SHA256:qs/EQixNGEhVef5pSK6oj3fSzmXVKdFAuDT+r/GjnUg in place of " +
        "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU. Nobody signed in. If the machine was made again, write " +
        "what its own console prints for cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub; if not, somebody " +
        "answers in its place.",
    );
  });
  test.each<[string, string, RegExp]>([
    [
      "a key of another type",
      "No ED25519 host key is known for olympus-abc and you have requested strict checking.\nHost key verification failed.",
      /^it shows a key of type ED25519, and olympus:hosts\.eu-1\.hostKey is ssh-ed25519\. Nobody signed in\./,
    ],
    [
      "no key of ours",
      "deploy@eu-1.example.com: Permission denied (publickey,password).",
      /^Permission denied \(publickey,password\): deploy may not sign in with a key of yours\. Give your key to the agent \(ssh-add\)/,
    ],
    [
      "no listener",
      "ssh: connect to host 10.77.2.11 port 2222: Connection refused",
      /^nothing listens at port 22 /,
    ],
    [
      "silence",
      "ssh: connect to host 10.77.2.11 port 22: Connection timed out",
      /^it does not answer in time\./,
    ],
    [
      "no such name",
      "ssh: Could not resolve hostname eu-1.example.com: Name or service not known",
      /^the name eu-1\.example\.com has no address\.$/,
    ],
    [
      "a client that is too old",
      "command-line: line 0: Bad configuration option: knownhostscommand",
      /8\.5 or newer/,
    ],
    [
      "sshd that drops",
      "kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.77.2.11 port 22",
      /^it closes the connection at once/,
    ],
    ["something new", "ssh: a fault that nobody knows", /^ssh: a fault that nobody knows$/],
  ])("%s", (_, err, words) => {
    expect(told(err)).toMatch(words);
  });
  test("with a key file, that is what the host does not take", () => {
    expect(told("deploy@eu-1.example.com: Permission denied (publickey).", withFile)).toBe(
      "Permission denied (publickey): deploy may not sign in with ~/.ssh/id. The host must have its public half in " +
        "deploy's authorized_keys.",
    );
  });
  test("no ssh on this machine", () => {
    expect(sshFault(eu1, { code: undefined, out: "", err: "ENOENT" })).toMatch(
      /^there is no ssh command on this machine/,
    );
  });
});

describe("the engine there does not answer", () => {
  test.each<[number, string, RegExp]>([
    [127, "sh: 1: docker: not found", /^docker is not on the PATH of deploy\./],
    [
      1,
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      /^deploy has no right to use Docker\. On the host: sudo usermod -aG docker deploy\.$/,
    ],
    [
      1,
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      /^Docker does not answer there\. On the host: sudo systemctl start docker\.$/,
    ],
    [1, "something\nelse", /^Docker does not answer as it should: else$/],
  ])("exit code %i: %s", (code, err, words) => {
    expect(sshFault(eu1, { code, out: "", err })).toMatch(words);
  });
});

describe("what an up says of it", () => {
  const about = (...tenants: string[]) => unreached(eu1, tenants, "it is down.");
  test("names host, address, reason, tenants, and what to do", () => {
    expect(about("acme", "bigcorp")).toBe(
      "host eu-1 (ssh://deploy@eu-1.example.com) cannot be used: it is down.\n" +
        "Nothing on it was touched: acme, bigcorp stay as they are. Once it is back, pulumi up finishes; until then,\n" +
        "pulumi up --continue-on-error does the other hosts. npm run fleet -- doctor eu-1 looks closer.",
    );
  });
  test("one tenant, none, and dozens", () => {
    expect(about("acme")).toContain("touched: acme stays as it is.");
    expect(about()).toContain("Nothing on it was touched. Once");
    expect(about(..."abcdefgh")).toContain("touched: a, b, c, d, e and 3 more stay as they are.");
  });
});
