import { hash } from 'node:crypto';
import type { Credential, Fields } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { RestoreKind, Slot, SlotOffers, Store, WriteContext } from '../core/plugins/store.ts';
import { WHOLE } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import type { StepContext } from '../core/step.ts';

/** A slot with the store it is in and the parts of the key that go into its fields. */
export interface Target {
  /** `vault-prod/secret/apps/ci#api_key`: shown everywhere, and the end of step ids. */
  readonly id: string;
  readonly store: Store;
  readonly slot: Slot;
  /** Field → part. */
  readonly parts: Fields<string>;
  /** What preflight found for this very slot. */
  readonly offers: SlotOffers;
  readonly restore: RestoreKind;
  /** Field → fingerprint, as preflight saw it; undefined where the slot cannot be read. */
  readonly seen: Fields<string> | undefined;
}

export function targetId(store: string, ref: string, fields: readonly string[]): string {
  const names = fields.filter((field) => field !== WHOLE);
  return names.length === 0 ? `${store}/${ref}` : `${store}/${ref}#${names.join(',')}`;
}

/** The values this target holds when it holds that key. */
export function valuesFor(target: Target, key: Credential): Fields<Secret> {
  const values: Record<string, Secret> = {};
  for (const [field, part] of Object.entries(target.parts)) {
    const secret = key[part];
    if (secret === undefined) {
      throw new RotationError('REFUSED', {
        subject: target.id,
        reason: `the key has no part called ${part}`,
      });
    }
    values[field] = secret;
  }
  return values;
}

export function writeContext(stepId: string, ctx: StepContext): WriteContext {
  return {
    signal: ctx.signal,
    rotationId: ctx.rotationId,
    idempotencyToken: tokenFor(ctx.rotationId, stepId),
  };
}

/** A name-based UUID: the same for every attempt of the same step of the same rotation. */
function tokenFor(rotationId: string, stepId: string): string {
  const hex = hash('sha256', `${rotationId}\n${stepId}`);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
