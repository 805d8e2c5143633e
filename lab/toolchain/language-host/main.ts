/**
 * A language host for Node.js programs: what stands between the engine and the program. The official one is a
 * Go program that no package registry serves; this one speaks the same protocol on the stubs that
 * `@pulumi/pulumi` ships, and starts the same runner of the SDK. `pulumi.ts` bundles it into one file.
 */
import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { version } from "@pulumi/pulumi/version.js";
import { Program } from "./program.ts";
import { service } from "./service.ts";

/** How long a program may take to end after Ctrl-C before it is killed. */
const graceMs = 1_000;

/** How often it is looked whether there still is an engine. */
const lookMs = 2_000;

function serve(): void {
  const program = new Program();
  // The engine's address is the only argument that is not a flag; a newer engine sends it in the handshake.
  const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new grpc.Server(unlimited);
  server.addService(languageService.LanguageRuntimeService, service(engine, version, program));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`); // the engine reads the port from the first line
  });
  // An engine that was killed tells nobody; what it had started gets another parent.
  const engineProcess = process.ppid;
  setInterval(() => process.ppid === engineProcess || process.exit(0), lookMs).unref();
  // The engine stops its plugins with SIGINT: take the program along.
  process.on("SIGINT", () => {
    setTimeout(() => process.exit(0), graceMs).unref();
    program.stop(graceMs / 2).then(() => process.exit(0));
  });
}

if (process.argv.some((argument) => /^--?version$/.test(argument))) process.stdout.write(`${version}\n`);
else serve();
