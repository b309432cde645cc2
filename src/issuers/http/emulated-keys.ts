import { randomBytes } from 'node:crypto';

export interface EmulatedKey {
  readonly id: string;
  readonly name: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly createdAt: string;
  active: boolean;
  lastUsedAt: string | null;
}

/** Where the id and the secret stand among the parts; further parts are filled at random. */
export interface EmulatedParts {
  readonly names: readonly string[];
  readonly secret: string;
  readonly id: string | undefined;
}

export const ONE_PART: EmulatedParts = { names: ['value'], secret: 'value', id: undefined };

/** In the config of a rehearsal the parts have names of the user's own. */
export function partsOf(names: readonly string[], idPart: string | undefined): EmulatedParts {
  const secret = names.find((name) => name !== idPart);
  // A single part has to be both.
  if (secret === undefined) return { names, secret: names[0] ?? 'value', id: undefined };
  return { names, secret, id: idPart };
}

export function newEmulatedKey(name: string, parts: EmulatedParts): EmulatedKey {
  const id = `hk_${randomBytes(8).toString('hex')}`;
  const partOf = (part: string): string => {
    if (part === parts.id) return id;
    if (part === parts.secret) return `${id}_${randomBytes(20).toString('hex')}`;
    return randomBytes(12).toString('hex');
  };
  return {
    id,
    name,
    parts: Object.fromEntries(parts.names.map((part) => [part, partOf(part)])),
    createdAt: new Date().toISOString(),
    active: true,
    lastUsedAt: null,
  };
}
