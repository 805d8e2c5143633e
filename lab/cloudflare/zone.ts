import { randomBytes } from "node:crypto";
import { refusal } from "./answer.ts";
import { isProxiable, type RecordFields, recordFields, type ZoneRecord } from "./record.ts";

const sameName =
  "For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";

/** The records of one zone, and what keeps them from contradicting each other. */
export class LabZone {
  readonly id: string;
  readonly name: string;
  private readonly quota: number;
  private readonly byId = new Map<string, ZoneRecord>();

  /** @param quota how many records the zone holds; a free zone 200 */
  constructor(name: string, quota = 200) {
    this.id = randomBytes(16).toString("hex");
    this.name = name;
    this.quota = quota;
  }

  /** By name and type, so that tests need not sort. */
  get records(): readonly ZoneRecord[] {
    const key = ({ name, type, content }: ZoneRecord) => `${name} ${type} ${content}`;
    return [...this.byId.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  get(id: string): ZoneRecord {
    const record = this.byId.get(id);
    if (record === undefined) throw refusal(404, 81044, "Record does not exist.");
    return record;
  }

  create(body: Readonly<Record<string, unknown>>): ZoneRecord {
    const fields = recordFields(body, this.name);
    this.check(fields, undefined);
    if (this.byId.size >= this.quota) throw refusal(400, 81045, "Record quota exceeded.");
    return this.keep(randomBytes(16).toString("hex"), fields, undefined);
  }

  /** Lays the whole record, or with PATCH what the body has of it, over the one that is there. */
  update(id: string, body: Readonly<Record<string, unknown>>, isWhole: boolean): ZoneRecord {
    const before = this.get(id);
    const fields = recordFields(isWhole ? body : { ...before, tags: [], ...body }, this.name);
    this.check(fields, id);
    return this.keep(id, fields, before);
  }

  delete(id: string): void {
    this.get(id);
    this.byId.delete(id);
  }

  private keep(id: string, fields: RecordFields, before: ZoneRecord | undefined): ZoneRecord {
    const now = new Date().toISOString();
    const isNoted = fields.comment !== null;
    const record: ZoneRecord = {
      id,
      ...fields,
      proxiable: isProxiable(fields),
      tags: [],
      settings: fields.type === "CNAME" ? { flatten_cname: false } : {},
      meta: {},
      created_on: before?.created_on ?? now,
      modified_on: now,
      ...(isNoted && { comment_modified_on: before?.comment === fields.comment ? before.created_on : now }),
    };
    this.byId.set(id, record);
    return record;
  }

  private check({ name, type, content }: RecordFields, own: string | undefined): void {
    const others = [...this.byId.values()].filter((other) => other.name === name && other.id !== own);
    if (others.some((other) => other.type === type && other.content === content)) {
      throw refusal(400, 81058, "An identical record already exists.");
    }
    const has = (...types: string[]) => others.some((other) => types.includes(other.type));
    if (type === "CNAME" && has("A", "AAAA", "CNAME")) {
      throw refusal(400, 81053, `An A, AAAA, or CNAME record with that host already exists. ${sameName}`);
    }
    if ((type === "A" || type === "AAAA") && has("CNAME")) {
      throw refusal(400, 81054, `A CNAME record with that host already exists. ${sameName}`);
    }
  }
}
