import { type AddressObject, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Mail } from "./mailSink.ts";

/**
 * Run by mailSink.ts as a process of its own, in the network namespace where it belongs: takes every mail from
 * anyone who signs in, and prints it as a line of JSON.
 */

const [port = "", ...accounts] = process.argv.slice(2);

const addressIn = (field: AddressObject | AddressObject[] | undefined) =>
  [field ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ""))[0] ?? "";

const server = new SMTPServer({
  size: 1_000_000,
  onAuth: ({ username, password }, _session, done) => {
    if (accounts.includes(`${username}:${password}`)) done(null, { user: username });
    else done(new Error("wrong user or password"));
  },
  onData: async (stream, { envelope, user, secure }, done) => {
    const { from, to, subject = "", text = "" } = await simpleParser(stream);
    const mail: Mail = {
      account: String(user),
      encrypted: secure,
      envelopeFrom: envelope.mailFrom ? envelope.mailFrom.address : "",
      from: addressIn(from),
      to: addressIn(to),
      subject,
      text,
    };
    console.log(JSON.stringify(mail));
    done();
  },
});
server.on("error", () => {}); // a sender that hangs up is no reason to end
server.listen(Number(port), "0.0.0.0", () => console.log("listening"));

// Kratos asks a list of breached passwords on the Internet, and tests lead it here instead. A certificate that
// nobody trusts ends the question at once, and Kratos goes on as it does when the list is down.
const list = new SMTPServer({ secure: true });
list.on("error", () => {});
list.listen(443, "0.0.0.0");

process.once("SIGTERM", () => process.exit(0));
