import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import {
  type handleUnaryCall,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { Message } from "google-protobuf";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { providerPackages } from "./packages.ts";
import type { Program } from "./program.ts";

interface WithInfo {
  getInfo(): language.ProgramInfo | undefined;
}

const directoryOf = (request: WithInfo) => request.getInfo()?.getProgramDirectory() ?? process.cwd();

/** Turns a function into a handler: what it throws becomes an error of the call, not the end of the host. */
function answer<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, done: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => respond(call.request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.INTERNAL, details: error.message }),
      );
  };
}

/**
 * The calls that `pulumi` makes for an installed program. Making programs, SDKs and packages is left
 * unimplemented, and the engine says so.
 */
export function service(engine: string, version: string, program: Program): UntypedServiceImplementation {
  let engineAddress = engine;
  return {
    handshake: answer((request: language.LanguageHandshakeRequest) => {
      engineAddress = request.getEngineAddress();
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(version)),
    getRequiredPackages: answer(requiredPackages),
    run: answer((request: language.RunRequest) => program.run(request, engineAddress)),
    cancel: answer(async () => {
      await program.stop(0);
      return new empty.Empty();
    }),
    installDependencies,
    runtimeOptionsPrompts: answer(() => new language.RuntimeOptionsResponse()),
    template: answer(() => new language.TemplateResponse()),
    about: answer(() => {
      const about = new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
      about.getMetadataMap().set("packagemanager", "npm");
      return about;
    }),
    getProgramDependencies: answer(programDependencies),
  };
}

function requiredPackages(
  request: language.GetRequiredPackagesRequest,
): language.GetRequiredPackagesResponse {
  const packages = providerPackages(directoryOf(request)).map(({ name, version, server }) => {
    const dependency = new plugin.PackageDependency();
    return dependency.setName(name).setKind("resource").setVersion(version).setServer(server);
  });
  return new language.GetRequiredPackagesResponse().setPackagesList(packages);
}

interface InstallCall {
  readonly request: language.InstallDependenciesRequest;
  write(response: Message): void;
  destroy(error: Error): void;
  end(): void;
}

function installDependencies(call: InstallCall): void {
  const npm = spawn("npm", ["install"], {
    cwd: directoryOf(call.request),
    stdio: ["ignore", "pipe", "pipe"],
  });
  npm.stdout.on("data", (chunk) => call.write(new language.InstallDependenciesResponse().setStdout(chunk)));
  npm.stderr.on("data", (chunk) => call.write(new language.InstallDependenciesResponse().setStderr(chunk)));
  npm.on("error", (error) => call.destroy(error));
  npm.on("close", (code) => {
    if (code === 0) call.end();
    else call.destroy(new Error(`npm install ended with exit code ${code}`));
  });
}

interface NpmTree {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, NpmTree>>;
}

async function programDependencies(
  request: language.GetProgramDependenciesRequest,
): Promise<language.GetProgramDependenciesResponse> {
  const depth = request.getTransitivedependencies() ? ["--all"] : ["--depth", "0"];
  const { stdout } = await promisify(execFile)("npm", ["ls", "--json", ...depth], {
    cwd: directoryOf(request),
    maxBuffer: 64 * 1024 * 1024,
  });
  const list = (tree: NpmTree): language.DependencyInfo[] =>
    Object.entries(tree.dependencies ?? {}).flatMap(([name, below]) => [
      new language.DependencyInfo().setName(name).setVersion(below.version ?? ""),
      ...list(below),
    ]);
  return new language.GetProgramDependenciesResponse().setDependenciesList(list(JSON.parse(stdout)));
}
