// Remakes the committed browser files from the locked packages: npm ci && npm run build
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const statics = join(here, "../static");
const modules = join(here, "node_modules");
const font = "@fontsource-variable/atkinson-hyperlegible-next";

// what is shipped to browsers, and what only the accessibility tests load
const packages = [
  { name: "govuk-frontend", into: join(statics, "vendor"), files: { "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js", [join(here, "licences/govuk-frontend.txt")]: "LICENSE.txt" } },
  {
    name: font,
    into: join(statics, "vendor"),
    files: {
      "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "latin.woff2",
      "files/atkinson-hyperlegible-next-latin-wght-italic.woff2": "latin-italic.woff2",
      "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "latin-ext.woff2",
      "files/atkinson-hyperlegible-next-latin-ext-wght-italic.woff2": "latin-ext-italic.woff2",
      LICENSE: "OFL.txt",
    },
  },
  { name: "axe-core", into: join(root, "tests/vendor"), files: { "axe.min.js": "axe.min.js", LICENSE: "LICENSE" } },
];

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const manifest = (name) => JSON.parse(readFileSync(join(modules, name, "package.json")));

function vendor({ name, into, files }) {
  const { version, license } = manifest(name);
  const folder = `${name.split("/").pop()}-${version}`;
  const hashes = {};
  mkdirSync(join(into, folder), { recursive: true });
  for (const [from, to] of Object.entries(files)) {
    const target = join(into, folder, to);
    if (to.endsWith(".js")) {
      // the map is not shipped, so nothing may point at it
      writeFileSync(target, readFileSync(resolve(modules, name, from), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
    } else {
      cpSync(resolve(modules, name, from), target);
    }
    hashes[relative(into, target)] = sha256(target);
  }
  return { into, entry: { name, version, license, files: hashes } };
}

function writeVendorLists(vendored) {
  for (const into of new Set(vendored.map((one) => one.into))) {
    const entries = vendored.filter((one) => one.into === into).map((one) => one.entry);
    writeFileSync(join(into, "VENDOR.json"), JSON.stringify(entries, null, 2) + "\n");
  }
}

function emptyVendorFolders() {
  for (const into of new Set(packages.map((one) => one.into))) {
    mkdirSync(into, { recursive: true });
    for (const name of readdirSync(into)) rmSync(join(into, name), { recursive: true });
  }
}

function compileStyles() {
  const { css } = sass.compile(join(here, "sass/pd.scss"), { loadPaths: [modules], style: "compressed", quietDeps: true, charset: false });
  if (/GDS|crest|crown/i.test(css)) throw new Error("The style sheet names a typeface or emblem that is not ours to use.");
  mkdirSync(join(statics, "web"), { recursive: true });
  writeFileSync(join(statics, "web/pd.css"), css + "\n");
}

// the lock stays free of addresses: versions and hashes are what it is for
function tidyLock() {
  const path = join(here, "package-lock.json");
  const lock = JSON.parse(readFileSync(path));
  for (const entry of Object.values(lock.packages)) {
    delete entry.resolved;
    delete entry.funding;
  }
  writeFileSync(path, JSON.stringify(lock, null, 2) + "\n");
}

emptyVendorFolders();
writeVendorLists(packages.map(vendor));
compileStyles();
tidyLock();
