import { buildJsonSchema } from '../config/json-schema.ts';
import type { JsonObject } from '../core/json.ts';
import { replaceFile } from '../lib/atomic-file.ts';
import { knownPlugins } from './known-plugins.ts';

/** The JSON Schema of the config file, with the options of every plug-in there is. @throws ConfigError */
export async function jsonSchema(configPath: string | undefined): Promise<JsonObject> {
  return buildJsonSchema(await knownPlugins(configPath));
}

/** As a file holds it. */
export async function writeJsonSchema(path: string, schema: JsonObject): Promise<void> {
  await replaceFile(path, `${JSON.stringify(schema, null, 2)}\n`, { mode: 0o644 });
}
