import { expect, test } from "vitest";
import { engineFault } from "../../fleet/engineFault.ts";

const address = "unix:///var/run/docker.sock";
const of = (answer: Parameters<typeof engineFault>[2]) => engineFault("eu-1", address, answer);

test.each(["1.41", "1.50", "2.0"])("API %s will do", (apiVersion) => {
  expect(of({ apiVersion })).toBeUndefined();
});

test("an old engine", () => {
  expect(of({ apiVersion: "1.9" })).toBe(
    "host eu-1: the Docker engine at unix:///var/run/docker.sock speaks API 1.9; 1.41 (Docker 20.10) is the oldest " +
      "that will do. Upgrade the engine.",
  );
});

test.each(["ENOENT", "ECONNREFUSED"])("no engine (%s)", (code) => {
  expect(of({ code })).toBe(
    "host eu-1: no Docker engine answers at unix:///var/run/docker.sock. " +
      "Start it (sudo systemctl start docker), or write another address under olympus:hosts.eu-1.",
  );
});

test.each(["EACCES", "EPERM"])("no rights (%s)", (code) => {
  expect(of({ code })).toBe(
    "host eu-1: no right to use the Docker engine at unix:///var/run/docker.sock. " +
      "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.",
  );
});

test("something else behind the socket", () => {
  expect(of({ code: "answer 404" })).toBe(
    "host eu-1: the Docker engine at unix:///var/run/docker.sock does not answer as one (answer 404). " +
      "Restart it, or write another address under olympus:hosts.eu-1.",
  );
});
