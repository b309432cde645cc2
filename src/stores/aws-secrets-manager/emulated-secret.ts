import { randomUUID } from 'node:crypto';
import { ACCOUNT, uniqueId } from '../../lib/aws/emulator/identity.ts';
import { ServiceError } from '../../lib/aws/emulator/json-protocol.ts';
import { CURRENT } from './labels.ts';
import { MAX_BYTES, MAX_LABELS } from './limits.ts';

const PREVIOUS = 'AWSPREVIOUS';

export interface EmulatedVersion {
  readonly text?: string;
  readonly binary?: string;
  readonly createdAt: number;
  readonly labels: Set<string>;
}

/** State that tests may set as an account's owner would. */
export interface EmulatedSecret {
  readonly name: string;
  readonly arn: string;
  readonly versions: Map<string, EmulatedVersion>;
  rotationEnabled?: boolean;
  owningService?: string;
  deletedAt?: number;
  primaryRegion?: string;
}

export function makeSecret(name: string): EmulatedSecret {
  const suffix = uniqueId('').slice(0, 6);
  return {
    name,
    arn: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-${suffix}`,
    versions: new Map(),
  };
}

export function holder(secret: EmulatedSecret, label: string): string | undefined {
  for (const [id, version] of secret.versions) if (version.labels.has(label)) return id;
  return undefined;
}

export interface NewVersion {
  readonly token?: string | undefined;
  readonly text?: string | undefined;
  readonly binary?: string | undefined;
  /** Left out: it becomes the current version. */
  readonly labels?: readonly string[] | undefined;
}

/** PutSecretValue: the same token with the same value is ignored, with another value it is refused. */
export function putVersion(secret: EmulatedSecret, { token, text, binary, labels }: NewVersion): string {
  const bytes = Buffer.byteLength(text ?? '', 'utf8');
  if (bytes > MAX_BYTES) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BYTES}`,
    );
  }
  const id = token ?? randomUUID();
  const existing = secret.versions.get(id);
  if (existing !== undefined) {
    if (existing.text === text && existing.binary === binary) return id;
    throw new ServiceError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const wanted = new Set(labels ?? [CURRENT]);
  // The first version of a secret is its current one, whatever was asked for.
  if (holder(secret, CURRENT) === undefined) wanted.add(CURRENT);
  if (text !== undefined) secret.versions.set(id, { text, createdAt: Date.now(), labels: new Set() });
  else secret.versions.set(id, { binary: binary ?? '', createdAt: Date.now(), labels: new Set() });
  for (const label of wanted) setLabel(secret, label, id);
  return id;
}

/** UpdateSecretVersionStage. */
export function moveLabel(
  secret: EmulatedSecret,
  label: string,
  { to, from }: { to?: string | undefined; from?: string | undefined },
): void {
  for (const id of [to, from]) {
    if (id !== undefined && !secret.versions.has(id)) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret version: ${id}.`,
      );
    }
  }
  const now = holder(secret, label);
  if (now !== undefined && now !== from && now !== to) throw mustName(label, now);
  if (now !== undefined && now === to && from !== undefined && from !== now) throw mustName(label, now);
  if (now === undefined && from !== undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      `Staging label ${label} isn't attached to version ${from}.`,
    );
  }
  if (to !== undefined) setLabel(secret, label, to);
  else if (label === CURRENT) {
    throw new ServiceError(
      'InvalidParameterException',
      `You can't remove staging label ${CURRENT} from a secret.`,
    );
  } else if (from !== undefined) secret.versions.get(from)?.labels.delete(label);
}

function mustName(label: string, version: string): ServiceError {
  return new ServiceError(
    'InvalidParameterException',
    `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${version}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
}

/** A label sits on one version; who loses AWSCURRENT gets AWSPREVIOUS. */
function setLabel(secret: EmulatedSecret, label: string, id: string): void {
  const before = holder(secret, label);
  if (before === id) return;
  const count = [...secret.versions.values()].reduce((sum, version) => sum + version.labels.size, 0);
  if (before === undefined && count >= MAX_LABELS) {
    throw new ServiceError(
      'LimitExceededException',
      `You have exceeded the number of staging labels for the secret.`,
    );
  }
  if (before !== undefined) secret.versions.get(before)?.labels.delete(label);
  secret.versions.get(id)?.labels.add(label);
  if (label === CURRENT && before !== undefined) setLabel(secret, PREVIOUS, before);
}

/** What AWS may do at any time: forget the versions that have no label. */
export function collectGarbage(secret: EmulatedSecret): void {
  for (const [id, version] of secret.versions) if (version.labels.size === 0) secret.versions.delete(id);
}
