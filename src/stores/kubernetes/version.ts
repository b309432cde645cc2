import type { Version } from '../../core/plugins/store.ts';
import type { SecretObject } from './secret-object.ts';

/** The server's own version; of an immutable Secret its name too, since a push makes another one. */
export function versionOf({ name, resourceVersion, immutable }: SecretObject): Version {
  return immutable ? `${name}@${resourceVersion}` : resourceVersion;
}

/** Name of the immutable Secret that a version is of. */
export function nameIn(version: Version | undefined): string | undefined {
  const at = version?.indexOf('@') ?? -1;
  return at === -1 ? undefined : version?.slice(0, at);
}
