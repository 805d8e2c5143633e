import { run } from "../web/program.ts";
import { serve } from "../web/server.ts";
import { heraSite } from "./app.ts";
import { readHeraEnvironment } from "./environment.ts";

run("hera", () => {
  const environment = readHeraEnvironment(process.env);
  return { server: serve(heraSite(environment)), port: Number(environment.PORT ?? 3000) };
});
