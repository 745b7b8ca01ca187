// Builds ../static/codemirror.js and the notices of what is in it: npm ci && npm run build. Users never run this: both are committed.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const OUT = "../static/codemirror.js";
const result = await build({
  entryPoints: ["entry.js"], outfile: OUT, bundle: true, format: "esm", minify: true, target: "es2022", metafile: true,
  legalComments: "none",
  banner: { js: "// CodeMirror 6 and Lezer, MIT: notices in codemirror.licences.txt; built by api/workbench/bundle/build.mjs" },
});
const packages = new Set(Object.keys(result.metafile.inputs).flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []));
const notices = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[sc]e/i.test(each));
  if (license !== "MIT" || !file) throw new Error(`${name}: licence ${license}, notice ${file}`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
});
writeFileSync("../static/codemirror.licences.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
console.log(`${OUT}: ${statSync(OUT).size} bytes, ${gzipSync(readFileSync(OUT), { level: 9 }).length} gzipped, ${packages.size} packages`);
