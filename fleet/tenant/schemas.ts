/**
 * The identity schemas that every tenant has. `default` is what people of the tenant register with, `admin`
 * what its administrators have; Athena reads `traits.role`. Custom ones come from `schemas` in tenants.yaml.
 */

const emailTrait = {
  type: "string",
  format: "email",
  title: "E-mail",
  maxLength: 320,
  "ory.sh/kratos": {
    credentials: {
      password: { identifier: true },
      code: { identifier: true, via: "email" },
      totp: { account_name: true },
    },
    recovery: { via: "email" },
    verification: { via: "email" },
  },
};

const nameTrait = {
  type: "object",
  title: "Name",
  properties: {
    first: { type: "string", title: "First name", maxLength: 128 },
    last: { type: "string", title: "Last name", maxLength: 128 },
  },
  additionalProperties: false,
};

const schema = (id: string, title: string, traits: Record<string, unknown>) => ({
  $id: `https://olympus-fleet.invalid/schemas/${id}.json`,
  $schema: "http://json-schema.org/draft-07/schema#",
  title,
  type: "object",
  properties: {
    traits: { type: "object", properties: traits, required: ["email"], additionalProperties: false },
  },
});

const builtIn = {
  default: schema("default", "Person", { email: emailTrait, name: nameTrait }),
  admin: schema("admin", "Administrator", {
    email: emailTrait,
    name: nameTrait,
    role: { type: "string", title: "Role", enum: ["admin", "viewer"], default: "viewer" },
  }),
};

/** Kratos's IDENTITY_SCHEMAS: each schema travels inside its URL, so no file has to be mounted. */
export function identitySchemas(custom: Readonly<Record<string, string>>): string {
  const own = Object.entries(builtIn).map(([id, body]) => [id, JSON.stringify(body)] as const);
  const all = new Map([...own, ...Object.entries(custom)]);
  return JSON.stringify(
    [...all].map(([id, json]) => ({ id, url: `base64://${Buffer.from(json).toString("base64")}` })),
  );
}
