import type { Clock } from '../../core/clock.ts';
import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { type PublicKey, sealFor } from './sealed-box.ts';
import { nameProblem, storedName } from './secret-name.ts';
import type { SecretFacts, SecretsApi } from './secrets-api.ts';
import { isOfThisSecond } from './stamp.ts';

/** 48 KB, as GitHub documents. */
export const MAX_BYTES = 48 * 1024;

/** A second: then an update has another stamp than the one there is. */
const STAMP_MS = 1000;

interface Writing {
  readonly api: SecretsApi;
  readonly place: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Wish {
  readonly name: string;
  readonly value: Secret;
  readonly now: SecretFacts;
}

/**
 * Everything is looked at before the first secret is written, since GitHub writes one at a time. Gives what a receipt
 * can hold.
 * @throws RotationError REFUSED, LIMIT_REACHED, NOT_FOUND before anything was written; INDETERMINATE
 */
export async function writeSecrets(
  slot: Slot,
  values: Fields<Secret>,
  writing: Writing,
): Promise<JsonObject> {
  const { api, place, clock, signal } = writing;
  refuseUnwritable(slot, values, place);
  const wishes: Wish[] = [];
  for (const field of slot.fields) {
    const name = storedName(field);
    wishes.push({ name, value: valueFor(values, field, place), now: await existing(name, writing) });
  }
  const publicKey = await api.publicKey(signal);
  const bodies = new Map<string, JsonObject>();
  for (const wish of wishes) bodies.set(wish.name, await bodyOf(wish, publicKey, writing));
  if (wishes.some(({ now }) => isOfThisSecond(now))) await clock.sleep(STAMP_MS, signal);

  const created: string[] = [];
  await writeOneByOne(
    wishes,
    async ({ name }) => {
      const outcome = await api.put(name, bodies.get(name) ?? {}, signal);
      if (outcome.created) created.push(name);
    },
    place,
  );
  return {
    publicKey: publicKey.id,
    // Somebody deleted it between our look and our write.
    ...(created.length === 0 ? {} : { madeAnew: created }),
  };
}

function refuseUnwritable(slot: Slot, values: Fields<Secret>, place: string): void {
  for (const field of slot.fields) {
    const subject = `${place}#${field}`;
    const reason = nameProblem(field, slot.fields);
    if (reason !== undefined)
      throw new RotationError('REFUSED', { subject, action: 'write the secret', reason });
    const bytes = values[field]?.byteLength() ?? 0;
    if (bytes <= MAX_BYTES) continue;
    throw new RotationError('LIMIT_REACHED', {
      subject,
      action: 'write the secret',
      reason: `the value has ${bytes} bytes, and GitHub takes ${MAX_BYTES}`,
      hint: 'Keep it in another store, and only the key to that here.',
    });
  }
}

/** A PUT would make what is not there, in a place nobody meant. */
async function existing(name: string, { api, place, signal }: Writing): Promise<SecretFacts> {
  const facts = await api.describe(name, signal);
  if (facts !== undefined) return facts;
  throw new RotationError('NOT_FOUND', {
    subject: `${place}#${name}`,
    action: 'write the secret',
    reason: 'there is no such secret, and keyturn makes none',
  });
}

/** For an organisation a PUT also sets who may use the secret: what is so now is sent along. */
async function bodyOf(
  { name, value, now }: Wish,
  publicKey: PublicKey,
  { api, signal }: Writing,
): Promise<JsonObject> {
  const sealed = { encrypted_value: await sealFor(publicKey, value), key_id: publicKey.id };
  if (now.visibility === undefined) return sealed;
  if (now.visibility !== 'selected') return { ...sealed, visibility: now.visibility };
  const selected = await api.selectedRepositories(name, signal);
  return { ...sealed, visibility: 'selected', selected_repository_ids: selected };
}
