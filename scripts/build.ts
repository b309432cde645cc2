/** Builds the package into dist/, or into the folder given with `--out`; `--contents` writes which sources each chunk holds. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { settings } from '@oclif/core';
import type { PJSON } from '@oclif/core/interfaces';
import { bundle, chunkContents } from './build/bundle.ts';
import { makeCodeCaches } from './build/code-cache.ts';
import { commandFiles, commandMap } from './build/command-files.ts';
import { makeManifest, packagedPjson } from './build/manifest.ts';
import { buildPublicEntries } from './build/public-entries.ts';
import { ROOT } from './build/root.ts';
import { writeStartScript } from './build/start-script.ts';
import { thirdPartyNotices } from './build/third-party-notices.ts';

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(ROOT, 'dist') }, contents: { type: 'string' } },
});
const out = resolve(values.out);
// Built beside it and moved at the end: a build that fails leaves the last good one in place.
const work = `${out}.building`;
const pjson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PJSON;
settings.enableAutoTranspile = false;

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
// Whatever the package.json above says, these files are CommonJS.
writeFileSync(join(work, 'package.json'), '{ "type": "commonjs" }\n');

const files = commandFiles();
const metafile = await bundle(work, files);
if (values.contents !== undefined) {
  writeFileSync(values.contents, JSON.stringify(chunkContents(metafile, work)));
}
writeFileSync(join(work, 'commands.cjs'), commandMap(files));
writeFileSync(join(work, 'oclif.manifest.json'), JSON.stringify(await makeManifest(pjson)));
writeFileSync(join(work, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafile));
await buildPublicEntries(join(work, 'public'));
await writeStartScript(work, packagedPjson(pjson));
await makeCodeCaches(work);

const last = `${out}.last`;
rmSync(last, { recursive: true, force: true });
if (existsSync(out)) renameSync(out, last);
renameSync(work, out);
rmSync(last, { recursive: true, force: true });
