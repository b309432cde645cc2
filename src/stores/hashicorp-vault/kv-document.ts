import type { Fields } from '../../core/credential.ts';
import type { Slot, StoredSecret, Version } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import type { RawObject } from './raw-object.ts';

/** A secret of a key-value engine as it was at one version: our fields and everybody else's. */
export interface KvDocument {
  readonly version: Version;
  readonly entries: RawObject;
  /** ISO 8601; KV version 1 does not tell. */
  readonly updatedAt?: string;
}

/** Only the slot's own fields, and only those that are there and not empty. */
export function ownFields(slot: Slot, entries: RawObject): Fields<Secret> {
  const fields: Record<string, Secret> = {};
  for (const field of slot.fields) {
    const text = textOf(entries.get(field));
    if (text !== '') fields[field] = new Secret(text);
  }
  return fields;
}

export function storedSecret(slot: Slot, document: KvDocument): StoredSecret {
  return {
    fields: ownFields(slot, document.entries),
    version: document.version,
    ...(document.updatedAt === undefined ? {} : { updatedAt: document.updatedAt }),
  };
}

/** A copy with some entries replaced; `undefined` takes one out. */
export function withEntries(
  entries: RawObject,
  changes: Iterable<readonly [string, string | undefined]>,
): RawObject {
  const changed = new Map(entries);
  for (const [field, raw] of changes) {
    if (raw === undefined) changed.delete(field);
    else changed.set(field, raw);
  }
  return changed;
}

/** The values as they are sent: always JSON strings. */
export function rawValues(values: Fields<Secret>): [string, string][] {
  return Object.entries(values).map(([field, secret]) => [field, JSON.stringify(secret.reveal())]);
}

/** A number or an object stands as its JSON text, as `vault kv get -field` prints it. */
function textOf(raw: string | undefined): string {
  if (raw === undefined || raw === 'null') return '';
  return raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
}
