import { run } from "../web/program.ts";
import { serve } from "../web/server.ts";
import { athenaSite } from "./app.ts";
import { readAthenaEnvironment } from "./environment.ts";

run("athena", () => {
  const environment = readAthenaEnvironment(process.env);
  return { server: serve(athenaSite(environment)), port: Number(environment.PORT ?? 3000) };
});
