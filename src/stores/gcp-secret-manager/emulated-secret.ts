import { createHash } from 'node:crypto';
import { MAX_BYTES } from './limits.ts';

export type State = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export interface EmulatedVersion {
  readonly data: Buffer;
  state: State;
  revision: number;
}

/** State that tests may set as an owner would. */
export interface EmulatedSecret {
  /** `projects/P/secrets/S`. */
  readonly name: string;
  /** The first is version 1. */
  readonly versions: EmulatedVersion[];
  aliases: Record<string, string>;
  revision: number;
  readonly labels: Readonly<Record<string, string>>;
  expireTime?: string;
  rotation?: object;
}

/** An error as Google's APIs answer it. */
export class ApiError extends Error {
  readonly code: number;
  readonly status: string;
  constructor(code: number, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function makeSecret(name: string): EmulatedSecret {
  return { name, versions: [], aliases: {}, revision: 0, labels: { team: 'payments' } };
}

/** The number of the new version. */
export function addVersion(secret: EmulatedSecret, data: Buffer): number {
  if (data.length > MAX_BYTES)
    throw new ApiError(400, 'INVALID_ARGUMENT', 'The secret payload must be no larger than 64KiB.');
  return secret.versions.push({ data, state: 'ENABLED', revision: 0 });
}

/** `latest` is the newest version whatever its state. */
export function findVersion(
  secret: EmulatedSecret,
  wanted: string,
): { readonly number: number; readonly version: EmulatedVersion } {
  const number = wanted === 'latest' ? secret.versions.length : Number(secret.aliases[wanted] ?? wanted);
  const version = secret.versions[number - 1];
  if (version === undefined)
    throw new ApiError(404, 'NOT_FOUND', `Secret Version [${secret.name}/versions/${wanted}] not found.`);
  return { number, version };
}

export function etagOf({ name, revision }: Pick<EmulatedSecret, 'name' | 'revision'>): string {
  return `"${createHash('sha256').update(`${name} ${revision}`).digest('hex').slice(0, 14)}"`;
}

/** An etag that is sent must be the current one; none is no question. */
export function assertEtag(sent: unknown, current: string): void {
  if (typeof sent !== 'string' || sent === '' || sent === current) return;
  throw new ApiError(
    400,
    'FAILED_PRECONDITION',
    'Etag mismatch: the etag provided does not match the current one.',
  );
}
