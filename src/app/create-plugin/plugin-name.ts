import { RotationError } from '../../core/errors/rotation-error.ts';

export interface PluginName {
  /** As npm knows it: `@acme/keyturn-store-x`. */
  readonly packageName: string;
  /** Without the scope: `keyturn-store-x`. */
  readonly folder: string;
  /** The `type` in a config: `x`. */
  readonly id: string;
}

const PACKAGE = /^(?:@[a-z0-9]+(?:-[a-z0-9]+)*\/)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/;

/**
 * @param taken ids of the stores that come with keyturn
 * @throws RotationError CONFIG_INVALID
 */
export function pluginName(text: string, taken: readonly string[]): PluginName {
  const [, folder] = PACKAGE.exec(text) ?? [];
  if (folder === undefined)
    throw invalid(text, 'it is not made of small letters, digits and single dashes, with or without a scope');
  const id = folder.replace(/^keyturn-(store-)?/, '');
  if (!/^[a-z]/.test(id))
    throw invalid(text, `its store would be called "${id}", which does not begin with a letter`);
  if (taken.includes(id)) throw invalid(text, `its store would be called ${id}, as a built-in one is`);
  return { packageName: text, folder, id };
}

function invalid(name: string, reason: string): RotationError {
  const hint = 'Write `@acme/keyturn-store-x` or `keyturn-store-x`, where x is the `type` in a config.';
  return new RotationError('CONFIG_INVALID', { subject: `the name ${name}`, reason, hint });
}
