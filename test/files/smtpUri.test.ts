import { describe, expect, test } from "vitest";
import { judgeSmtpUri } from "../../files/smtpUri.ts";
import { smtpUris } from "./smtpUris.ts";

describe.each(smtpUris)("$uri", ({ uri, fault, write }) => {
  test(fault === undefined ? "is taken" : "is refused, with what to write", () => {
    expect(judgeSmtpUri("smtp-main", uri)).toEqual(
      fault && { fault, remedy: `Write ${write}: \`pulumi config set --secret olympus:smtp-main\`.` },
    );
  });
});

test("no sentence repeats the secret", () => {
  for (const { uri } of smtpUris) {
    const { fault = "", remedy = "" } = judgeSmtpUri("smtp-main", uri) ?? {};
    expect(`${fault} ${remedy}`).not.toMatch(/Secr3t|mail\.example|fleet/);
  }
});
