import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot, Version, WriteContext } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { type Call, type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { joinVersions, splitVersion } from '../../lib/store/field-versions.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { addressingOf, mentions } from './addressing.ts';
import type { HttpStoreOptions } from './options-shape.ts';
import { versionIn } from './version-in.ts';

/** Sends one write, or one for each field; gives the version they made. */
export async function writeSlot(
  options: HttpStoreOptions,
  send: Send,
  slot: Slot,
  values: Fields<Secret>,
  expected: Version | undefined,
  call: WriteContext & { readonly subject: string },
): Promise<Version | undefined> {
  const { write } = options;
  const { writesEach, tellsVersion } = addressingOf(options);
  const change = async (about: Pick<Call, 'values' | 'mappings'>, version: Version | undefined) =>
    sendChange(
      send,
      { request: write, action: 'write the slot', conflict: write.conflict, call },
      {
        ...about,
        values: {
          ref: slot.ref,
          ...about.values,
          ...(tellsVersion ? { version: known(version, call.subject) } : {}),
        },
      },
    );
  const told = (answer: HttpAnswer): Version | undefined =>
    versionIn(answer, documentOf(answer, write.version, call.subject), write.version);

  if (!writesEach) {
    const plain = slot.fields.map((field) => [field, values[field]?.reveal() ?? '']);
    return told(await change({ values: {}, mappings: { values: Object.fromEntries(plain) } }, expected));
  }
  const before = splitVersion(expected, slot.fields.length);
  const made = new Map<string, Version | undefined>();
  await writeOneByOne(
    slot.fields,
    async (field) => {
      const value = values[field]?.reveal() ?? '';
      made.set(field, told(await change({ values: { field, value } }, before[slot.fields.indexOf(field)])));
    },
    call.subject,
  );
  return joinVersions(slot.fields.map((field) => made.get(field)));
}

/** Asks for an old version, or for that of each field. */
export async function restoreVersion(
  request: NonNullable<HttpStoreOptions['restore']>,
  send: Send,
  slot: Slot,
  versions: { readonly before: Version; readonly expected: Version },
  call: WriteContext & { readonly subject: string },
): Promise<void> {
  const change = { request, action: 'bring a version back', conflict: [409, 412], call };
  const { before, expected: version } = versions;
  if (!mentions(request, 'field')) {
    await sendChange(send, change, { values: { ref: slot.ref, before, version } });
    return;
  }
  const [old, live] = [before, version].map((each) => splitVersion(each, slot.fields.length));
  const restoreOne = async (field: string): Promise<void> => {
    const index = slot.fields.indexOf(field);
    const own = { before: known(old?.[index], call.subject), version: known(live?.[index], call.subject) };
    await sendChange(send, change, { values: { ref: slot.ref, field, ...own } });
  };
  await writeOneByOne(slot.fields, restoreOne, call.subject);
}

interface Change extends Pick<Call, 'request' | 'action'> {
  /** Statuses that mean that somebody else has written. */
  readonly conflict: readonly number[];
  readonly call: WriteContext & { readonly subject: string };
}

async function sendChange(
  send: Send,
  { request, action, conflict, call }: Change,
  { values, mappings = {} }: Pick<Call, 'values' | 'mappings'>,
): Promise<HttpAnswer> {
  const { subject, signal, rotationId, idempotencyToken } = call;
  const about = { subject, action, effect: 'write' as const };
  const all = { ...values, rotationId, idempotencyToken };
  const { answer, expected } = await send({
    ...about,
    request,
    values: all,
    mappings,
    authorized: true,
    signal,
  });
  if (!expected && conflict.includes(answer.status)) {
    throw new RotationError('CONFLICT', { subject, action, reason: `status ${answer.status}` });
  }
  if (!expected) throw unexpected(answer, about);
  // A login page says 200 as well.
  if (/html/i.test(answer.headers['content-type'] ?? '')) throw strangeAnswer(answer, about);
  return answer;
}

function documentOf(
  answer: HttpAnswer,
  where: HttpStoreOptions['write']['version'],
  subject: string,
): unknown {
  if (where === undefined || !('path' in where)) return undefined;
  return jsonOf(answer, { subject, action: 'write the slot', effect: 'write' });
}

function known(version: Version | undefined, subject: string): Version {
  if (version !== undefined) return version;
  throw new RotationError('REFUSED', {
    subject,
    action: 'write the slot',
    reason: 'the requests tell the version they are based on, and none is known',
  });
}
