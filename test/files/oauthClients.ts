/** A client's URIs, and the fault and remedy behind its path; neither where Hydra takes the client. */
export interface OAuthClientCase {
  readonly redirect: string;
  readonly logout?: string;
  readonly message?: string;
  /** Refused for a reason that Hydra does not have. */
  readonly isOurs?: boolean;
}

const app = "https://app.example/callback";
const elsewhere = (uri: string, known: string, such: string, own: string) =>
  `"${uri}" is at none of the places that the redirect URIs are at (${known}), and Hydra refuses that. ` +
  `Write a URI there, such as ${such}, or add a redirect URI at ${own}.`;
const otherPort = (uri: string, write: string) =>
  `"${uri}" has its port written otherwise than the redirect URIs, and Hydra takes it for another one. Write ${write}.`;
const noUri = (uri: string) =>
  `"${uri}" is not a redirect URI. Write the full URI, such as https://app.bigcorp.com/callback or com.bigcorp.app:/callback.`;
const capitals = (uri: string, write: string) =>
  `"${uri}" has capitals in its scheme or host, and browsers write them in small letters. Write ${write}.`;
const percent = (uri: string) =>
  `"${uri}" has a % that does not stand before two of 0-9 and a-f. Write %25 for the sign itself.`;

/** Judged by the check and, in test/engine, by Hydra itself. */
export const oauthClients: readonly OAuthClientCase[] = [
  { redirect: app },
  { redirect: app, logout: "https://app.example/" },
  { redirect: app, logout: "https://app.example" },
  { redirect: "https://app.example?from=hydra", logout: "https://app.example/?a=%20b" },
  { redirect: "https://app.example:443/callback", logout: "https://app.example:443/" },
  { redirect: "https://app.example:8443/a%2Fb", logout: "https://app.example:8443/" },
  { redirect: "https://[2001:db8::1]:8443/callback", logout: "https://[2001:db8::1]:8443/" },
  { redirect: "http://127.0.0.1:3000/callback", logout: "http://127.0.0.1:3000/" },
  { redirect: "http://localhost/callback", logout: "http://localhost/bye" },
  { redirect: "com.example.app:/callback", logout: "com.example.app:/bye" },
  { redirect: "com.example.app:callback", logout: "com.example.app:/bye" },
  { redirect: "com.example.app://in", logout: "com.example.app://in/bye" },
  { redirect: "com.example.app:///in", logout: "com.example.app:/bye" },
  {
    redirect: app,
    logout: "https://www.example/",
    message: elsewhere(
      "https://www.example/",
      "https://app.example",
      "https://app.example/",
      "https://www.example",
    ),
  },
  {
    redirect: "com.example.app://in",
    logout: "com.example.app://out",
    message: elsewhere(
      "com.example.app://out",
      "com.example.app://in",
      "com.example.app://in",
      "com.example.app://out",
    ),
  },
  {
    redirect: "http://localhost:3000/",
    logout: "https://localhost:3000/",
    message: elsewhere(
      "https://localhost:3000/",
      "http://localhost:3000",
      "http://localhost:3000/",
      "https://localhost:3000",
    ),
  },
  {
    redirect: "http://localhost:3000/",
    logout: "http://localhost:3001/",
    message: elsewhere(
      "http://localhost:3001/",
      "http://localhost:3000",
      "http://localhost:3000/",
      "http://localhost:3001",
    ),
  },
  {
    redirect: app,
    logout: "https://app.example:443/",
    message: otherPort("https://app.example:443/", "https://app.example/"),
  },
  {
    redirect: "https://app.example:443/callback",
    logout: "https://app.example/bye",
    message: otherPort("https://app.example/bye", "https://app.example:443/bye"),
  },
  { redirect: "https://app.example/%zz", message: percent("https://app.example/%zz") },
  { redirect: "https://app.example/100%", message: percent("https://app.example/100%") },
  { redirect: "app.example/callback", message: noUri("app.example/callback") },
  { redirect: "https:///callback", message: noUri("https:///callback"), isOurs: true },
  { redirect: "https:/app.example/callback", message: noUri("https:/app.example/callback"), isOurs: true },
  {
    redirect: "HTTPS://app.example/callback",
    message: capitals("HTTPS://app.example/callback", app),
    isOurs: true,
  },
  {
    redirect: "https://App.example/Callback",
    message: capitals("https://App.example/Callback", "https://app.example/Callback"),
    isOurs: true,
  },
];
