import { buildJsonSchema } from '../config/json-schema.ts';
import type { JsonObject } from '../core/json.ts';
import { replaceFile } from '../lib/atomic-file.ts';
import { catalog } from './compose.ts';

/** The JSON Schema of the config file, with the options of every plug-in there is. */
export function jsonSchema(): Promise<JsonObject> {
  return buildJsonSchema(catalog);
}

export async function writeJsonSchema(path: string): Promise<void> {
  await replaceFile(path, `${JSON.stringify(await jsonSchema(), null, 2)}\n`, { mode: 0o644 });
}
