import { expect, test } from "vitest";
import { lines, tenant } from "../fleet/fleetInput.ts";
import { oauthClients } from "./oauthClients.ts";

test.each(oauthClients)("$redirect with $logout", ({ redirect, logout, message }) => {
  const client = { redirectUris: [redirect], ...(logout && { postLogoutRedirectUris: [logout] }) };
  const told = lines(tenant(JSON.stringify({ clients: { shop: client } })));
  expect(told.map((line) => line.replace(/^tenants\.yaml:3:\d+ {2}/, ""))).toEqual(
    message
      ? [`tenants.t.clients.shop.${logout ? "postLogoutRedirectUris" : "redirectUris"}[0]: ${message}`]
      : [],
  );
});

test("every redirect URI counts, and every post-logout URI is looked at", () => {
  const client = {
    redirectUris: ["https://a.example/cb", "https://b.example/cb"],
    postLogoutRedirectUris: ["https://b.example/", "https://c.example/"],
  };
  expect(lines(tenant(JSON.stringify({ clients: { shop: client } })))).toEqual([
    'tenants.yaml:3:136  tenants.t.clients.shop.postLogoutRedirectUris[1]: "https://c.example/" is at none of the places ' +
      "that the redirect URIs are at (https://a.example, https://b.example), and Hydra refuses that. " +
      "Write a URI there, such as https://a.example/, or add a redirect URI at https://c.example.",
  ]);
});
