/** An identity schema, and what is wrong with it behind its place; nothing where Kratos takes it. */
export interface IdentitySchemaCase {
  readonly what: string;
  readonly schema: object;
  readonly messages?: readonly string[];
  /** Kratos starts with it, and fails when the first person registers. */
  readonly failsLater?: boolean;
}

const email = {
  type: "string",
  format: "email",
  "ory.sh/kratos": {
    credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
    verification: { via: "email" },
    recovery: { via: "email" },
  },
};
const traits = (properties: object, more: object = {}) => ({
  type: "object",
  properties: { traits: { type: "object", properties, ...more } },
});
const trait = (change: object) => traits({ email: { ...email, ...change } });
const at = (path: string, message: string) => `properties.traits.properties.${path}: ${message}`;
const types = "array, boolean, integer, null, number, object, string";
const inside = 'Write the part into this file, below "definitions", and "#/definitions/NAME" here.';

/** Judged by the check and, in test/engine, by Kratos itself. */
export const identitySchemas: readonly IdentitySchemaCase[] = [
  { what: "an e-mail address", schema: trait({}) },
  {
    what: "a draft and an id",
    schema: {
      $id: "https://bigcorp.example/staff.json",
      $schema: "http://json-schema.org/draft-07/schema#",
      ...trait({ title: "E-mail", minLength: 3, pattern: "^[^@]+@bigcorp\\.example$" }),
    },
  },
  { what: "an older draft", schema: { $schema: "http://json-schema.org/draft-06/schema#", ...trait({}) } },
  {
    what: "maps, lists, unknown keywords",
    schema: traits({
      email,
      name: {
        type: "object",
        properties: { first: { type: ["string", "null"] } },
        additionalProperties: false,
      },
      roles: { type: "array", items: { enum: ["a", "b"] }, "x-our-own": true },
    }),
  },
  {
    what: "a reference inside",
    schema: {
      ...traits({ email, name: { $ref: "#/definitions/name" } }),
      definitions: { name: { type: "string" } },
    },
  },
  {
    what: "a trait called pattern, and one called $ref",
    schema: traits({ email, pattern: { type: "string" }, $ref: { type: "string" } }),
  },
  {
    what: "a mistyped type",
    schema: trait({ type: "strng" }),
    messages: [at("email.type", `"strng" is not one of ${types}. Did you mean string?`)],
  },
  {
    what: "a mark that is text",
    schema: trait({ "ory.sh/kratos": { credentials: { password: { identifier: "yes" } } } }),
    messages: [
      at(
        'email["ory.sh/kratos"].credentials.password.identifier',
        'must be true or false, and is the text "yes". Write true or false, without quotes.',
      ),
    ],
  },
  {
    what: "a mark inside a map",
    schema: traits({
      email,
      work: {
        type: "object",
        properties: { phone: { type: "string", "ory.sh/kratos": { credential: {} } } },
      },
    }),
    messages: [
      at(
        'work.properties.phone["ory.sh/kratos"].credential',
        "Kratos knows no such key here. Did you mean credentials?",
      ),
    ],
  },
  {
    what: "a way that Kratos does not know",
    schema: trait({ "ory.sh/kratos": { verification: { via: "mail" } } }),
    messages: [
      at('email["ory.sh/kratos"].verification.via', '"mail" is not one of email, sms. Did you mean email?'),
    ],
  },
  {
    what: "a format that cannot be verified",
    schema: trait({ format: "uri" }),
    messages: [
      at(
        "email.format",
        '"uri" is not one of email, tel, date, time, date-time, no-validate. Write email or tel or date or time or date-time or no-validate.',
      ),
    ],
  },
  {
    what: "no trait",
    schema: traits({}),
    messages: [
      "properties.traits.properties: is empty, and a person needs at least one field. Write one, as docs/tenants.md shows.",
    ],
  },
  {
    what: "a trait that is no map",
    schema: traits({ email, name: true }),
    messages: [at("name", "must be a map, and is true. Write { } with what belongs into it.")],
  },
  {
    what: "traits of another type",
    schema: { type: "object", properties: { traits: { type: "array", properties: { email } } } },
    messages: ['properties.traits.type: "array" is not object. Write object.'],
  },
  {
    what: "required as text",
    schema: traits({ email }, { required: "email" }),
    messages: [
      'properties.traits.required: must be a list, and is the text "email". Write [ ] with what belongs into it.',
    ],
  },
  {
    what: "two mistakes",
    schema: traits({ email: { ...email, type: "strng" }, age: { type: "integer", minimum: "18" } }),
    messages: [
      at("email.type", `"strng" is not one of ${types}. Did you mean string?`),
      at("age.minimum", 'must be a number, and is the text "18". Write a number, without quotes.'),
    ],
  },
  {
    what: "a pattern of another language",
    schema: trait({ pattern: "^(?!admin)" }),
    messages: [
      at(
        "email.pattern",
        '"^(?!admin)" is not a pattern that Kratos can read (invalid or unsupported Perl syntax: `(?!`). ' +
          "Write it without lookahead, lookbehind and back references: Go's RE2.",
      ),
    ],
  },
  {
    what: "a newer draft",
    schema: { $schema: "https://json-schema.org/draft/2020-12/schema", ...trait({}) },
    messages: [
      '$schema: "https://json-schema.org/draft/2020-12/schema" is not a draft of JSON Schema that Kratos knows. ' +
        "Write http://json-schema.org/draft-07/schema#.",
    ],
    failsLater: true,
  },
  {
    what: "a reference out of the file",
    schema: traits({ email, address: { $ref: "https://schemas.example/address.json" } }),
    messages: [
      at(
        "address.$ref",
        `"https://schemas.example/address.json" leads out of the file, and Kratos would have to fetch it. ${inside}`,
      ),
    ],
    failsLater: true,
  },
  {
    what: "a reference to nothing",
    schema: traits({ email, name: { $ref: "#/definitions/name" } }),
    messages: [at("name.$ref", `"#/definitions/name" leads nowhere. ${inside}`)],
    failsLater: true,
  },
];
