// Builds web/dist: one style sheet, the scripts and the images, each under a name that holds a digest of its
// content and once more compressed, and manifest.json, by which the server finds them. Uses nothing but what package-lock.json pins.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");

function emptyDist() {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    if (name !== ".gitkeep") rmSync(join(dist, name));
  }
}

function styleSheet() {
  return sass.compile(join(here, "styles/sojourn.scss"), {
    loadPaths: [join(here, "node_modules")],
    style: "compressed",
    quietDeps: true,
  }).css;
}

function filesOf(folder) {
  const path = join(here, folder);
  return readdirSync(path).map((name) => [name, readFileSync(join(path, name))]);
}

function fingerprinted(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const ending = extname(name);
  return `${name.slice(0, -ending.length)}.${digest}${ending}`;
}

emptyDist();
const built = [["sojourn.css", styleSheet()], ...filesOf("scripts"), ...filesOf("images")];
const manifest = {};
for (const [name, content] of built) {
  manifest[name] = fingerprinted(name, content);
  writeFileSync(join(dist, manifest[name]), content);
  writeFileSync(join(dist, `${manifest[name]}.gz`), gzipSync(content, { level: 9 }));
}
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`web/dist: ${built.length} files, style sheet ${Math.round(built[0][1].length / 1024)} KB`);
