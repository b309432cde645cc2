import { ERROR_CODES } from '../../core/errors/codes.ts';
import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Slot, StoredSecret, StoreIdentity, Version } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { misunderstood } from '../../lib/process/ask-program.ts';
import { quoted } from '../../lib/quoted.ts';
import type { DeclaredSecret } from '../../lib/store/declared-access.ts';
import { fieldNamesIn } from '../../lib/store/field-names.ts';
import { PHRASES } from './ask-program.ts';
import type { Action, CommandStoreOptions } from './options.ts';

/** `{"fields": {"user": "…"}, "version"?: "7", "updatedAt"?: "2030-01-31T12:00:00Z"}` */
export function storedIn(
  answer: JsonObject,
  slot: Slot,
  { compareAndSet }: Pick<CommandStoreOptions, 'compareAndSet'>,
  subject: string,
): StoredSecret {
  const given = answer['fields'];
  // No mapping is not an empty one: what is there and was not read would be overwritten.
  if (!isObject(given)) throw strange('read', subject, 'its answer has no mapping at fields');
  const fields: Record<string, Secret> = {};
  for (const field of slot.fields) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string')
      throw strange('read', subject, `what it gives for the field "${field}" is no text`);
    fields[field] = new Secret(value);
  }
  const version = versionIn(answer);
  if (version === undefined && compareAndSet)
    throw strange('read', subject, 'its answer has no version, which `compareAndSet` is about');
  const updatedAt = timeIn(answer['updatedAt']);
  return { fields, version, ...(updatedAt === undefined ? {} : { updatedAt }) };
}

/** `{"fields"?: ["user"], "version"?: "7", "updatedAt"?: "2030-01-31T12:00:00Z"}`, of a program that shows no values. */
export function toldIn(answer: JsonObject, slot: Slot, subject: string): DeclaredSecret {
  const { fields: told } = answer;
  const names = told === undefined ? slot.fields : fieldNamesIn(told);
  if (names === undefined) throw strange('read', subject, 'what it gives at fields is no list of names');
  const absent = slot.fields.filter((field) => !names.includes(field));
  const updatedAt = timeIn(answer['updatedAt']);
  return {
    fields: {},
    absent,
    version: versionIn(answer),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

/** `{"version"?: "8"}` */
export function versionIn({ version }: JsonObject): Version | undefined {
  if (typeof version === 'number') return String(version);
  return typeof version === 'string' && version !== '' ? version : undefined;
}

/** `{"display": "for people", "attributes": {"account": "42"}}` */
export function identityIn({ display, attributes }: JsonObject, subject: string): StoreIdentity {
  const texts = isObject(attributes)
    ? Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && value !== '' ? [[name, value]] : [],
      )
    : [];
  if (typeof display !== 'string' || display === '' || texts.length === 0)
    throw strange('whoami', subject, 'its answer has no text at display, or none in attributes');
  return { display, attributes: Object.fromEntries(texts) };
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** `{"findings": [{"severity": "error", "message": "…", "code"?: "REFUSED", "hint"?: "…"}]}` */
export function findingsIn({ findings }: JsonObject, subject: string): Finding[] {
  // No list is not an empty one: what would stop the write would not be seen.
  if (!Array.isArray(findings)) throw strange('preflight', subject, 'its answer has no list at findings');
  return (findings as Json[]).map((finding) => {
    const { severity, message, code, hint } = isObject(finding) ? finding : {};
    const known = SEVERITIES.find((each) => each === severity);
    if (known === undefined || typeof message !== 'string' || message === '')
      throw strange('preflight', subject, 'a finding has no severity (error, warning, info) or no message');
    return {
      severity: known,
      code: ERROR_CODES.find((each) => each === code) ?? 'REFUSED',
      subject,
      message: quoted(message),
      ...(typeof hint === 'string' ? { hint: quoted(hint) } : {}),
    };
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeIn(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return undefined;
  return new Date(value).toISOString();
}

function strange(action: Action, subject: string, reason: string): RotationError {
  return misunderstood({ subject, action: PHRASES[action], effect: 'read' }, reason);
}
