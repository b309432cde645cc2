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
  if (ref.includes('/') && !EMPTY_OR_RELATIVE.test(ref) && !hasControlCharacter(ref)) return;
  throw new RotationError('CONFIG_INVALID', {
    subject: `${connection}/${ref}`,
    reason: 'it is not a mount and a path',
    hint: 'Write it as `vault kv get` takes it: `secret/apps/ci`, no slash at the ends, no empty or relative parts.',
  });
}

/** A segment that is empty, `.` or `..`. */
const EMPTY_OR_RELATIVE = /(?:^|\/)\.{0,2}(?:\/|$)/;

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

/** Nothing in it to encode: what nearly every path is. */
const PLAIN_PATH = /^[\w.~!*'()/-]*$/;

export function encodePath(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  return path.split('/').map(encodeURIComponent).join('/');
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
