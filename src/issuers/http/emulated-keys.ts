import { randomBytes } from 'node:crypto';
import type { EmulatedParts } from '../../lib/issuer/emulated-parts.ts';

export interface EmulatedKey {
  readonly id: string;
  readonly name: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly createdAt: string;
  active: boolean;
  lastUsedAt: string | null;
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
