import { LabSite } from "../../../../lab/hosts/site.ts";

/** A run that opens a site, says where it is, and is killed before it can close it. */
const site = await LabSite.open([{ name: "eu-1" }]);
console.log(JSON.stringify({ folder: site.folder, address: site.host("eu-1").address }));
setInterval(() => {}, 60_000);
