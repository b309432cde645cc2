import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { buildJsonSchema } from '../../config/json-schema.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import { type FirstConfigAnswers, renderFirstConfig } from '../../config/write-config.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { writeJsonSchema } from '../json-schema.ts';

/**
 * Writes a first config and the schema its comment names, then reads it back: what is still missing is told as any
 * mistake of a config is, with file and line.
 * @throws RotationError REFUSED when there is a config already; ConfigError when something is missing
 */
export async function writeFirstConfig(
  path: string,
  answers: FirstConfigAnswers,
  settings: { readonly catalog: PluginCatalog; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const text = await renderFirstConfig(answers);
  try {
    const file = await open(path, 'wx', 0o644);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new RotationError('REFUSED', {
      subject: path,
      reason: 'there is a config already; init never overwrites one',
      hint: 'Edit it, or name another place with --config.',
    });
  }
  try {
    await loadConfig(path, settings);
    await writeJsonSchema(
      join(dirname(path), 'keyturn.schema.json'),
      await buildJsonSchema(settings.catalog),
    );
  } catch (error) {
    // Ours and not right yet: the next try must not find it in its way.
    await rm(path);
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.context.subject, error.problems, error.stateDir, hintFor(answers));
  }
}

/** There is no file in which the places that are named could be corrected. */
function hintFor({ issuer, stores }: FirstConfigAnswers): string {
  const types = [...new Set(stores.map(({ type }) => type))];
  const sets = stores.map(({ name }) => `\`--set stores.${name}.OPTION=VALUE\``);
  const shows = types.map((type) => `\`keyturn stores show ${type}\``);
  return `Nothing was written. Run \`keyturn init\` again, and give what is missing by flag: ${['`--set issuer.OPTION=VALUE`', ...sets].join(', ')}. What there is to set: ${[`\`keyturn issuers show ${issuer.type}\``, ...shows].join(', ')}.`;
}
