import type { Version } from '../../core/plugins/store.ts';
import type { KvDocument } from './kv-document.ts';

/** What was read last, so that a write needs no second read to know the neighbours. */
export interface RecentDocuments {
  keep(ref: string, document: KvDocument): void;
  /** Undefined when it was never read, was pushed out, or was read at another version. */
  at(ref: string, version: Version): KvDocument | undefined;
  /** `made`: the version that a write of ours made. The read that proves it is no start of another write: not kept. */
  forget(ref: string, made: Version): void;
}

/** A push reads right before it writes, so the pushes under way at once are all it has to hold. */
const MOST_DOCUMENTS = 512;
/** Of values, in UTF-16 units: some large secrets must not fill the memory. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** The oldest leaves first. */
export function createRecentDocuments(): RecentDocuments {
  const kept = new Map<string, { readonly document: KvDocument; readonly size: number }>();
  const awaited = new Map<string, Version>();
  let characters = 0;

  const drop = (ref: string): void => {
    characters -= kept.get(ref)?.size ?? 0;
    kept.delete(ref);
  };

  return {
    keep: (ref, document) => {
      drop(ref);
      const made = awaited.get(ref);
      awaited.delete(ref);
      if (made === document.version) return;
      const size = sizeOf(document);
      kept.set(ref, { document, size });
      characters += size;
      while (kept.size > MOST_DOCUMENTS || characters > MOST_CHARACTERS) drop(oldestOf(kept));
    },
    at: (ref, version) => {
      const document = kept.get(ref)?.document;
      return document?.version === version ? document : undefined;
    },
    forget: (ref, made) => {
      drop(ref);
      awaited.set(ref, made);
      if (awaited.size > MOST_DOCUMENTS) awaited.delete(oldestOf(awaited));
    },
  };
}

function oldestOf(map: ReadonlyMap<string, unknown>): string {
  for (const ref of map.keys()) return ref;
  return '';
}

function sizeOf(document: KvDocument): number {
  let size = 0;
  for (const [key, raw] of document.entries) size += key.length + raw.length;
  return size;
}
