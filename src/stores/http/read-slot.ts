import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot, Version } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { textAt } from '../../lib/http-request/text-at.ts';
import { atPath } from '../../lib/json-path.ts';
import type { DeclaredSecret } from '../../lib/store/declared-access.ts';
import { fieldNamesIn } from '../../lib/store/field-names.ts';
import { joinVersions } from '../../lib/store/field-versions.ts';
import { addressingOf } from './addressing.ts';
import type { HttpStoreOptions } from './options-shape.ts';
import { versionIn } from './version-in.ts';

type ReadOptions = HttpStoreOptions['read'];

const ACTION = { action: 'read the slot', effect: 'read' as const };

/** Stands for the version of a field that is not there, beside one that is. */
const NO_VERSION = 'absent';

/** Undefined when nothing of the slot is there. */
export async function readSlot(
  options: HttpStoreOptions,
  send: Send,
  slot: Slot,
  name: string,
  { signal }: CallContext,
): Promise<DeclaredSecret | undefined> {
  const { read, writeOnly } = options;
  const about = { ...ACTION, subject: `${name}/${slot.ref}` };
  const ask = async (values: Record<string, string>): Promise<HttpAnswer | undefined> => {
    const call = { ...about, request: read, values: { ref: slot.ref, ...values }, authorized: true, signal };
    const { answer, expected } = await send(call);
    if (expected) return answer;
    if (read.missing.includes(answer.status)) return undefined;
    throw unexpected(answer, about);
  };

  if (!addressingOf(options).readsEach) {
    const answer = await ask({});
    return answer && storedIn(answer, slot.fields, options, about.subject);
  }
  const parts: (DeclaredSecret | undefined)[] = [];
  for (const field of slot.fields) {
    const answer = await ask({ field });
    parts.push(answer && storedIn(answer, [field], options, about.subject));
  }
  const found = joined(parts);
  return found && writeOnly
    ? { ...found, absent: slot.fields.filter((_field, at) => parts[at] === undefined) }
    : found;
}

/** What one answer says of the fields it was asked for. */
function storedIn(
  answer: HttpAnswer,
  fields: readonly string[],
  { read, writeOnly }: Pick<HttpStoreOptions, 'read' | 'writeOnly'>,
  subject: string,
): DeclaredSecret {
  const about = { ...ACTION, subject };
  const document = jsonOf(answer, about);
  const shown = writeOnly
    ? { fields: {}, absent: absentIn(document, fields, read, about) }
    : { fields: valuesIn(document, fields, read, about) };
  const version = versionIn(answer, document, read.version);
  if (read.version !== undefined && version === undefined)
    throw misread(about, 'the answer tells no version');
  const time = Date.parse(textAt(document, read.updatedAt) ?? '');
  return {
    ...shown,
    version,
    ...(Number.isNaN(time) ? {} : { updatedAt: new Date(time).toISOString() }),
  };
}

type About = typeof ACTION & { readonly subject: string };

function valuesIn(
  document: unknown,
  fields: readonly string[],
  read: ReadOptions,
  about: About,
): Fields<Secret> {
  const own = fields.flatMap((field): [string, Secret][] => {
    const value =
      read.fields === undefined ? valueAt(document, read, about) : memberAt(document, field, read, about);
    if (value === undefined || value === null || value === '') return [];
    // A number has lost what a text would have kept: leading zeros, digits.
    if (typeof value !== 'string')
      throw misread(about, `what it gives for ${field === '' ? 'the value' : field} is no text`);
    return [[field, new Secret(value)]];
  });
  return Object.fromEntries(own);
}

/** Of an API that shows no values: where it tells which names there are, those that are not among them. */
function absentIn(
  document: unknown,
  fields: readonly string[],
  read: ReadOptions,
  about: About,
): readonly string[] {
  if (read.fields === undefined) return [];
  const names = fieldNamesIn(atPath(document, read.fields));
  if (names === undefined) throw misread(about, `there are no names at ${read.fields}`);
  return fields.filter((field) => !names.includes(field));
}

/** Nothing at the path is a mistake in the config; an explicit null is a value that is not there. */
function valueAt(document: unknown, read: ReadOptions, about: About): unknown {
  const value = read.value === undefined ? undefined : atPath(document, read.value);
  if (value === undefined) throw misread(about, `there is nothing at ${read.value}`);
  return value;
}

function memberAt(document: unknown, field: string, read: ReadOptions, about: About): unknown {
  const mapping = read.fields === undefined ? undefined : atPath(document, read.fields);
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
    throw misread(about, `there is no mapping at ${read.fields}`);
  return Object.hasOwn(mapping, field) ? (mapping as Record<string, unknown>)[field] : undefined;
}

function joined(parts: readonly (DeclaredSecret | undefined)[]): DeclaredSecret | undefined {
  const there = parts.filter((part) => part !== undefined);
  if (there.length === 0) return undefined;
  const told = there.every(({ version }) => version !== undefined);
  const version: Version | undefined = told
    ? joinVersions(parts.map((part) => (part === undefined ? NO_VERSION : part.version)))
    : undefined;
  const updatedAt = there
    .flatMap((part) => part.updatedAt ?? [])
    .sort()
    .at(-1);
  return {
    fields: Object.assign({}, ...there.map(({ fields }) => fields)) as Fields<Secret>,
    version,
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

function misread(about: About, reason: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason, hint: 'Check the paths in `read`.' });
}
