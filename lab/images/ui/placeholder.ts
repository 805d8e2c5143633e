import { createServer } from "node:http";

/** Stands in for a user interface whose server is not written yet: healthy, and nothing else. */
const port = Number(process.env.PORT || 3000);
const server = createServer((request, response) => {
  const healthy = request.url === "/health" || request.url === "/api/health";
  response.writeHead(healthy ? 200 : 404, { "content-type": "text/plain" }).end(healthy ? "ok" : "not found");
});
server.listen(port, "0.0.0.0", () => console.log(`listening on ${port}`));
// As the first process of a container it gets no default signal handling.
process.on("SIGTERM", () => server.close(() => process.exit(0)));
