import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { whoIsCalling } from '../../lib/aws/caller.ts';
import { awsClientConfig } from '../../lib/aws/client-config.ts';
import { readSlot, writeSlot } from '../../lib/store/slot-text.ts';
import { LIMIT } from './limits.ts';
import type { SecretsManagerOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { restoreSlot } from './restore-version.ts';
import { openSecretsApi, type SecretVersion } from './secrets-api.ts';
import { swapCurrent } from './swap.ts';
import { versionIdOf } from './version-id.ts';

export async function openSecretsManagerStore(
  options: SecretsManagerOptions,
  ctx: OpenContext,
): Promise<Store> {
  const config = awsClientConfig(options, 'secretsmanager', ctx);
  const api = await openSecretsApi(config, ctx);
  const caller = whoIsCalling(options, ctx, api);
  const subjectOf = (slot: Slot): string => `${ctx.name}/${slot.ref}`;

  return {
    whoami: async ({ signal }) => {
      const { account, arn, region } = await caller.identity(signal);
      return { display: `${arn} in ${region}`, attributes: { account, region, arn } };
    },
    preflight: (slot, { signal }) => preflightSlot({ api, caller, slot, subject: subjectOf(slot), signal }),
    read: async (slot, { signal }) => {
      const found = await api.read(slot.ref, undefined, signal);
      if (found === undefined) return undefined;
      return {
        fields: readSlot(slot, textOf(found, subjectOf(slot)), subjectOf(slot)),
        version: found.version,
        ...(found.createdAt === undefined ? {} : { updatedAt: found.createdAt }),
      };
    },
    write: async (slot, values, expected, { idempotencyToken, signal }) => {
      const subject = subjectOf(slot);
      const base = await api.read(slot.ref, expected, signal);
      if (base === undefined) throw missing(subject, expected);
      const old = textOf(base, subject);
      // Without an expectation the base is what is there now, which may be our own earlier attempt.
      if (expected === undefined && sameFields(readSlot(slot, old, subject), values)) {
        return { version: base.version };
      }
      const text = writeSlot(slot, old, values, { subject, limit: LIMIT });
      const next = versionIdOf(idempotencyToken, base.version);
      await swapCurrent(api, { id: slot.ref, subject, base: base.version, next, text }, signal);
      return { version: next, details: { before: base.version } };
    },
    restore: (slot, restoration, write) =>
      restoreSlot(api, { slot, subject: subjectOf(slot) }, restoration, write),
    close: async () => api.close(),
  };
}

function textOf(found: SecretVersion, subject: string): string {
  if (found.text !== undefined) return found.text;
  throw new RotationError('REFUSED', {
    subject,
    reason: 'it is a binary secret',
    hint: 'keyturn writes text only: store the key as a string.',
  });
}

/** A secret is never created: its KMS key, policy and tags are decisions of its owner. */
function missing(subject: string, expected: string | undefined): RotationError {
  if (expected !== undefined) {
    return new RotationError('CONFLICT', { subject, reason: `version ${expected} is there no more` });
  }
  return new RotationError('NOT_FOUND', {
    subject,
    reason: 'no such secret, or it has no value yet',
    hint: 'Create it, with the KMS key, policy and tags it should have; keyturn replaces values.',
  });
}
