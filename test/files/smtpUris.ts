/** A connection URI, and what is wrong with it and what to write; neither where Kratos reads it as it was meant. */
export interface SmtpUri {
  readonly uri: string;
  readonly fault?: string;
  readonly write?: string;
  /** Kratos starts with it, and then calls another server than was meant, or none. */
  readonly isMisread?: boolean;
}

const form = "smtps://user:password@host:465/";
const sign = (name: string, code: string) => ({
  fault: `has a ${name} in its user name or password that is not percent-encoded`,
  write: `${code} in place of the ${name}`,
});
const noPort = {
  fault: "has no port, and Kratos has no default for it",
  write: "465 for smtps, or 587 for smtp, behind the host and a colon",
};
const badPort = {
  fault: "has a port that is no number from 1 to 65535",
  write: "465 for smtps, or 587 for smtp",
};

/** Judged by the check and, in test/engine, by Kratos itself. */
export const smtpUris: readonly SmtpUri[] = [
  { uri: "smtps://fleet:Secr3t@mail.example:465/" },
  { uri: "smtps://fleet:Secr3t@mail.example:465" },
  { uri: "smtp://mail.example:25/?disable_starttls=true" },
  { uri: "smtp://fleet:Secr3t@mail.example:587/?skip_ssl_verify=true" },
  { uri: "smtps://fleet%40corp.example:Secr3t%2F%23%3F%25%20@mail.example:465/" },
  { uri: "smtps://fleet@corp.example:Secr3t@mail.example:465/" },
  { uri: "smtps://fleet:Secr3t:more!$&'()*+,;=~@mail.example:465/" },
  { uri: "smtps://fleet:Secr3t@[::1]:465/" },
  { uri: "smtps://fleet:Secr3t/x@mail.example:465/", ...sign("/", "%2F") },
  { uri: "smtps://fleet:12/Secr3t@mail.example:465/", ...sign("/", "%2F"), isMisread: true },
  { uri: "smtps://fleet:Secr3t#x@mail.example:465/", ...sign("#", "%23") },
  { uri: "smtps://fleet:Secr3t?x@mail.example:465/", ...sign("?", "%3F") },
  { uri: "smtps://fleet:Secr3t%x@mail.example:465/", ...sign("%", "%25") },
  { uri: "smtps://fleet:Secr3t x@mail.example:465/", ...sign("space", "%20") },
  { uri: "smtps://fleet:Secr3t\tx@mail.example:465/", ...sign("tab or line break", "%09") },
  { uri: "smtps://fleet:Secr3tü@mail.example:465/", ...sign("ü", "%C3%BC") },
  { uri: 'smtps://fleet:Secr3t"@mail.example:465/', ...sign('"', "%22") },
  { uri: "smtps://fleet:Secr3t[x]@mail.example:465/", ...sign("[", "%5B") },
  { uri: "smtps://fleet:Secr3t^@mail.example:465/", ...sign("^", "%5E") },
  {
    uri: "SMTPS://fleet:Secr3t@mail.example:465/",
    fault: "has its scheme in capitals, which Kratos does not take",
    write: "smtps://",
  },
  {
    uri: "https://fleet:Secr3t@mail.example:465/",
    fault: "has the scheme https, and is not the URI of a mail server",
    write: form,
  },
  { uri: "mail.example:465", fault: "is not the URI of a mail server", write: form },
  { uri: " smtps://fleet:Secr3t@mail.example:465/", fault: "is not the URI of a mail server", write: form },
  { uri: "", fault: "is not the URI of a mail server", write: form },
  { uri: "smtps://fleet:Secr3t@mail.example:4x/", ...badPort },
  { uri: "smtps://fleet:Secr3t@mail.example:465x/", ...badPort },
  { uri: "smtps://fleet:Secr3t@mail.example:99999/", ...badPort, isMisread: true },
  { uri: "smtps://fleet:Secr3t@mail.example:0/", ...badPort, isMisread: true },
  { uri: "smtps://fleet:Secr3t@mail.example/", ...noPort, isMisread: true },
  { uri: "smtps://fleet:Secr3t@mail.example:/", ...noPort, isMisread: true },
  {
    uri: "smtps://fleet:Secr3t@:465/",
    fault: "has no host name behind the @",
    write: form,
    isMisread: true,
  },
  { uri: "smtps://fleet:Secr3t@mail example:465/", fault: "has no host name behind the @", write: form },
  {
    uri: "smtps://fleet:Secr3t@mail.example:465/\n",
    fault: "has a space or a line break in it",
    write: "the URI without it",
  },
];
