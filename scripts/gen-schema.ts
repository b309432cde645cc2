/** Writes keyturn.schema.json, what `keyturn schema` prints. `--check` fails when it is out of date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN } from '../src/catalog/built-in.ts';
import { buildJsonSchema } from '../src/config/json-schema.ts';

const path = join(import.meta.dirname, '../keyturn.schema.json');
const text = `${JSON.stringify(await buildJsonSchema(BUILT_IN), null, 2)}\n`;
if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  if (process.argv.includes('--check')) {
    console.error('keyturn.schema.json is out of date: run npm run generate');
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
