import { baseInTag, majorInTag, versionInTag } from "../../fleet/image.ts";
import { versionedServices } from "../../fleet/model.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { fault } from "../files.ts";
import { floatingFault } from "../image.ts";
import type { Path } from "../path.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** In production an image is the same one tomorrow, and on every host. */
export const floating: Rule = ({ tenants, releases, config, entries }) => {
  if (config.value?.tls?.mode !== "acme") return [];
  const check = (file: typeof tenants | typeof releases, at: Path, image: string | undefined): Problem[] => {
    const what = image === undefined ? undefined : floatingFault(image);
    return what === undefined ? [] : [fault(file, at, what)];
  };
  const here = entries.filter(({ isHere }) => isHere);
  // Releases that only other stacks use may be trials.
  const used = new Set(here.map(({ written }) => written.release ?? tenants.value?.defaults?.release));
  const ofReleases = Object.entries(releases.value?.releases ?? {})
    .filter(([name]) => used.has(name))
    .flatMap(([name, { images }]) =>
      services.flatMap((service) => check(releases, ["releases", name, "images", service], images[service])),
    );
  const ofHosts = Object.entries(releases.value?.hostImages ?? {}).flatMap(([name, image]) =>
    check(releases, ["hostImages", name], image),
  );
  const ofTenants = here.flatMap(({ at, written }) =>
    services.flatMap((service) => check(tenants, [...at, "images", service], written.images?.[service])),
  );
  return [...ofReleases, ...ofHosts, ...ofTenants];
};

/** The Postgres image is of the major version that the release declares: its volume depends on it. */
export const postgresMajor: Rule = ({ tenants, releases, entries }) => {
  const known = releases.value?.releases ?? {};
  const ofReleases = Object.entries(known).flatMap(([name, { images, postgresMajor: major }]) => {
    const found = majorInTag(images.postgres);
    if (found === undefined || found === major) return [];
    const what = {
      fault: `the release says ${major}, and its image is ${images.postgres}`,
      remedy: `Write postgresMajor: ${found} or an image of version ${major}.`,
    };
    return [fault(releases, ["releases", name, "postgresMajor"], what)];
  });
  const ofTenants = entries.flatMap(({ at, written }) => {
    const name = written.release ?? tenants.value?.defaults?.release ?? "";
    const major = Object.hasOwn(known, name) ? known[name]?.postgresMajor : undefined;
    const found = majorInTag(written.images?.postgres ?? "");
    if (major === undefined || found === undefined || found === major) return [];
    const what = {
      fault: `this is Postgres ${found}, and release ${name} is for ${major}: it could not read the volume`,
      remedy: `Write an image of version ${major}, or name a release for ${found}.`,
    };
    return [fault(tenants, [...at, "images", "postgres"], what)];
  });
  return [...ofReleases, ...ofTenants];
};

/** What a release says of its Postgres image's system is not other than what the tag says. */
export const postgresBase: Rule = ({ releases }) =>
  Object.entries(releases.value?.releases ?? {}).flatMap(([name, { images, postgresBase: said }]) => {
    const tagged = baseInTag(images.postgres);
    if (said === undefined || tagged === undefined || tagged === said) return [];
    const what = {
      fault: `the release says ${said}, and its image is ${images.postgres}`,
      remedy: `Remove the line: the tag says ${tagged}. Or write an image that is built on ${said}.`,
    };
    return [fault(releases, ["releases", name, "postgresBase"], what)];
  });

/** What a release says of an image's version is not other than what its tag says. */
export const version: Rule = ({ releases }) =>
  Object.entries(releases.value?.releases ?? {}).flatMap(([name, { images, versions }]) =>
    versionedServices.flatMap((service) => {
      const [said, tagged] = [versions?.[service], versionInTag(images[service])];
      if (said === undefined || tagged === undefined || tagged === `v${said.replace(/^v/, "")}`) return [];
      const what = {
        fault: `this says ${said}, and the image is ${images[service]}`,
        remedy: `Remove the line: the tag says ${tagged}. Or write the image by digest alone.`,
      };
      return [fault(releases, ["releases", name, "versions", service], what)];
    }),
  );
