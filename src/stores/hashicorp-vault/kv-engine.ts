import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Version } from '../../core/plugins/store.ts';
import type { KvDocument } from './kv-document.ts';
import type { RawObject } from './raw-object.ts';
import type { Location } from './secret-path.ts';

/** One version of the key-value engine. */
export interface KvEngine {
  /** Whether the server itself refuses a write whose base is not current. */
  readonly cas: boolean;
  /** Undefined when there is nothing, or the current version is deleted. */
  read(location: Location, ctx: CallContext): Promise<KvDocument | undefined>;
  /** An old version, where the engine keeps them; undefined when it is gone. */
  readVersion(location: Location, version: Version, ctx: CallContext): Promise<KvDocument | undefined>;
  /** What a write to a secret that does not exist is based on. @throws RotationError CONFLICT when it does exist */
  baseOfNew(location: Location, ctx: CallContext): Promise<KvDocument>;
  /** Replaces all entries by `entries`, which were made from `base`. @returns the version made */
  replace(location: Location, entries: RawObject, base: KvDocument, ctx: CallContext): Promise<Version>;
}
