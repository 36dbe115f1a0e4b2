// Bundles src/ into static/page.js and static/page.css, and writes static/LICENSES.txt: the licence of every npm
// package of which some code really is in the bundle. The same input gives the same bytes.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const result = await build({
  entryPoints: { page: "src/main.tsx" },
  outdir: "static",
  bundle: true,
  minify: true,
  metafile: true,
  target: ["es2022"],
  format: "iife",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", // LICENSES.txt has them whole
  logLevel: "info",
  // What the renderer needs only for blocks that callinfo does not send (see src/instead-of/).
  alias: {
    "node-emoji": "./src/instead-of/node-emoji.ts",
    "react-markdown": "./src/instead-of/react-markdown.tsx",
    "remark-gfm": "./src/instead-of/remark-gfm.ts",
  },
});

/** The folder of the npm package that a bundled file belongs to, or null for our own files. */
function packageFolder(file) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match?.[1] ?? null;
}

async function licenceOf(folder) {
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const name = (await readdir(folder)).find((file) => /^(licen[cs]e|copying)/i.test(file));
  if (name === undefined) throw new Error(`${about.name} has no licence file: look before you ship it`);
  const text = (await readFile(join(folder, name), "utf8")).trim();
  return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
}

const used = Object.values(result.metafile.outputs).flatMap((output) =>
  Object.entries(output.inputs)
    .filter(([, input]) => input.bytesInOutput > 0)
    .map(([file]) => packageFolder(file)),
);
const folders = [...new Set(used.filter((folder) => folder !== null))].sort();
const licences = await Promise.all(folders.map(licenceOf));
// The renderer's published file has its Markdown parser inside, which the metafile can't tell.
const yozora = `@yozora/* (MIT), inside of slack-blocks-to-jsx\n\n${await readFile("licences/yozora.txt", "utf8")}`;
const head = "static/page.js and static/page.css contain code of these packages, under these licences.\n";
await writeFile(join(dirname("static/page.js"), "LICENSES.txt"), [head, ...licences, yozora].join(`\n${"=".repeat(78)}\n\n`));
console.log(`  static/LICENSES.txt  ${folders.length} packages`);
