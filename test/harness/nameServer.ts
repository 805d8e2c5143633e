import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** The world's DNS: has an address for whatever it is asked, and remembers who wanted to know what. */
export class NameServer {
  /** Names that were asked for, in lower case, in the order of the questions. */
  readonly asked: string[] = [];
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /** @param address of this machine's; port 53 must be free there */
  static async start(address: string): Promise<NameServer> {
    const socket = createSocket("udp4");
    const server = new NameServer(socket);
    socket.on("message", (question, { port, address: from }) => {
      const { name, end } = nameIn(question);
      server.asked.push(name);
      socket.send(answerTo(question.subarray(0, end + 4)), port, from);
    });
    socket.bind(53, address);
    await once(socket, "listening");
    return server;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, "close");
  }
}

/** The first name of a message, and where it ends (RFC 1035, 4.1.2). */
function nameIn(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

/** One A record, 192.0.2.7. */
function answerTo(question: Buffer): Buffer {
  const header = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  question.copy(header, 0, 0, 2); // its id
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
  return Buffer.concat([header, question.subarray(12), record]);
}
