import type { KeyIdRule } from './key-material.ts';

/** Where secret and id of an emulated key stand: its parts have the names of the config that is rehearsed. */
export interface EmulatedParts {
  readonly names: readonly string[];
  readonly secret: string;
  /** The part that is the id; undefined where the id is a piece of the secret. */
  readonly id: string | undefined;
}

export const ONE_PART: EmulatedParts = { names: ['value'], secret: 'value', id: undefined };

/** `names` is not empty. The first part that is not the id is the secret; a single part has to be both. */
export function emulatedParts(names: readonly string[], keyId: KeyIdRule | undefined): EmulatedParts {
  const idPart = keyId?.pattern === undefined ? keyId?.part : undefined;
  const secret = names.reduce((found, name) => (found === idPart ? name : found));
  return { names, secret, id: secret === idPart ? undefined : idPart };
}
