import { RotationError } from '../../core/errors/rotation-error.ts';

/** Where a secret is, once its mount is known. */
export interface Location {
  /** As in the config. */
  readonly ref: string;
  /** `vault-prod/secret/apps/ci`. */
  readonly subject: string;
  /** Without slashes at its ends; it may have several segments. */
  readonly mount: string;
  readonly kvVersion: 1 | 2;
  /** As policies name it: `secret/data/apps/ci`. */
  readonly policyPath: string;
  /** The same, percent-encoded for a request, with a leading slash. */
  readonly requestPath: string;
}

/**
 * Refuses what Vault would read as something else.
 * @throws RotationError CONFIG_INVALID
 */
export function checkRef(ref: string, connection: string): void {
  const segments = ref.split('/');
  const wrong = segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  if (!wrong && segments.length > 1 && !hasControlCharacter(ref)) return;
  throw new RotationError('CONFIG_INVALID', {
    subject: `${connection}/${ref}`,
    reason: 'it is not a mount and a path',
    hint: 'Write it as `vault kv get` takes it: `secret/apps/ci`, no slash at the ends, no empty or relative parts.',
  });
}

export function locationOf(ref: string, connection: string, mount: string, kvVersion: 1 | 2): Location {
  const path = ref.slice(mount.length + 1);
  const inside = kvVersion === 2 ? `data/${path}` : path;
  return {
    ref,
    subject: `${connection}/${ref}`,
    mount,
    kvVersion,
    policyPath: `${mount}/${inside}`,
    requestPath: `/${encodePath(`${mount}/${inside}`)}`,
  };
}

/** What version 2 keeps of a secret beside its versions, as policies name it. */
export function metadataPath({ mount, ref }: Location): string {
  return `${mount}/metadata/${ref.slice(mount.length + 1)}`;
}

/** The settings of a version 2 mount. */
export function settingsPath({ mount }: Location): string {
  return `${mount}/config`;
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
