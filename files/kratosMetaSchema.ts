const via = (...ways: string[]) => ({ enum: ways });
const closed = (properties: Record<string, object>) => ({
  type: "object",
  additionalProperties: false,
  properties,
});
const flag = { type: "boolean" };

/** What `ory.sh/kratos` at a trait may hold, of Kratos 1.3 as well as 26.2: the sum where they differ. */
const extension = closed({
  credentials: closed({
    password: closed({ identifier: flag }),
    webauthn: closed({ identifier: flag }),
    passkey: closed({ display_name: flag }),
    totp: closed({ account_name: flag }),
    code: closed({ identifier: flag, via: via("email", "sms") }),
  }),
  verification: closed({ via: via("email", "sms") }),
  recovery: closed({ via: via("email", "sms") }),
  organizations: { type: "object" },
});

/** Formats of a trait that is verified. */
const verified = ["email", "tel", "date", "time", "date-time", "no-validate"];

/**
 * What an identity schema must be for Kratos to start: a schema of draft 7 with at least one trait, whose traits are
 * marked as Kratos knows it. Kratos has its own (embedx/identity_meta.schema.json), which says the same.
 */
export const kratosMetaSchema = {
  allOf: [{ $ref: "http://json-schema.org/draft-07/schema#" }],
  type: "object",
  required: ["properties"],
  properties: {
    properties: {
      type: "object",
      required: ["traits"],
      properties: {
        traits: {
          type: "object",
          required: ["properties"],
          properties: {
            type: { const: "object" },
            properties: {
              type: "object",
              minProperties: 1,
              additionalProperties: { $ref: "#/definitions/trait" },
            },
          },
        },
      },
    },
  },
  definitions: {
    // Kratos looks for its mark at every depth of maps, and not inside lists.
    marked: {
      if: { type: "object" },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: { "ory.sh/kratos": extension },
        additionalProperties: { $ref: "#/definitions/marked" },
      },
    },
    trait: {
      type: "object",
      allOf: [{ $ref: "#/definitions/marked" }],
      if: {
        required: ["ory.sh/kratos"],
        properties: { "ory.sh/kratos": { type: "object", required: ["verification"] } },
      },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { format: { enum: verified } } },
    },
  },
} as const;
