import { VALUE_PART } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import { parseDuration } from '../../lib/duration.ts';
import { DEFAULTS } from '../defaults.ts';
import type { CheckUse, ServiceConfig, TargetConfig } from '../rotation-config.ts';
import { isMapping } from '../shape/object.ts';
import type { Reading } from '../shape/reading.ts';

/**
 * A service as most are, read by hand: an owner, a wave, keys with slots of one field, checks with nothing beside their
 * options. All else (and every mistake) is undefined here and read by its shape, which is the law; a property test
 * holds this to it. Ten thousand of them, in a process that has just begun, are read in a quarter less time.
 */
export function readPlainService(
  value: unknown,
  reading: Reading,
  defaultWave: string,
): ServiceConfig | undefined {
  if (!isMapping(value)) return undefined;
  let owner: string | undefined;
  let wave = defaultWave;
  let uses: ServiceConfig['uses'] | undefined;
  let checks: readonly CheckUse[] | undefined = [];
  for (const name in value) {
    const given = value[name];
    if (name === 'owner' && isText(given)) owner = given;
    else if (name === 'wave' && isKnown(given, reading.names.waves)) wave = given;
    else if (name === 'uses') uses = readAll(given, reading, readUse);
    else if (name === 'checks') checks = readAll(given, reading, readCheck);
    else return undefined;
  }
  if (uses === undefined || uses.length === 0 || checks === undefined) return undefined;
  return { owner, wave, uses, reload: undefined, checks };
}

type ReadOne<T> = (value: unknown, reading: Reading, index: number) => T | undefined;

function readAll<T>(values: unknown, reading: Reading, read: ReadOne<T>): readonly T[] | undefined {
  if (!Array.isArray(values)) return undefined;
  const result = new Array<T>(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const one = read(values[index], reading, index);
    if (one === undefined) return undefined;
    result[index] = one;
  }
  return result;
}

function readUse(value: unknown, reading: Reading): ServiceConfig['uses'][number] | undefined {
  if (!isMapping(value)) return undefined;
  let key: string | undefined;
  let from: readonly TargetConfig[] | undefined = [];
  for (const name in value) {
    const given = value[name];
    if (name === 'key' && isKnown(given, reading.names.keys)) key = given;
    else if (name === 'from') from = readAll(given, reading, readTarget);
    else return undefined;
  }
  if (key === undefined || from === undefined) return undefined;
  const parts = reading.partsOf(reading.issuerOf(key) ?? '');
  return parts.length === 0 || parts.includes(VALUE_PART) ? { key, from } : undefined;
}

function readTarget(value: unknown, reading: Reading): TargetConfig | undefined {
  if (!isMapping(value)) return undefined;
  let store: string | undefined;
  let ref: string | undefined;
  let field = WHOLE;
  for (const name in value) {
    const given = value[name];
    if (name === 'store' && isKnown(given, reading.names.stores)) store = given;
    else if (name === 'ref' && isText(given)) ref = given;
    else if (name === 'field' && isText(given)) field = given;
    else return undefined;
  }
  if (store === undefined || ref === undefined) return undefined;
  return { store, ref, fields: { [field]: VALUE_PART }, wave: undefined };
}

const TIMEOUT_MS = parseDuration(DEFAULTS.timeout);
const BESIDE_OPTIONS = new Set(['name', 'key', 'timeout']);

function readCheck(value: unknown, reading: Reading, index: number): CheckUse | undefined {
  if (!isMapping(value)) return undefined;
  const { type, ...options } = value;
  if (typeof type !== 'string') return undefined;
  for (const name in options) if (BESIDE_OPTIONS.has(name) || options[name] === null) return undefined;
  const outcome = reading.optionsOf('checks', type)?.safeParse(options);
  if (outcome?.success !== true) return undefined;
  const name = String(index + 1);
  return { type, timeoutMs: TIMEOUT_MS, options: outcome.data as JsonObject, name, key: undefined };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isKnown(value: unknown, names: ReadonlySet<string> | undefined): value is string {
  return typeof value === 'string' && (names === undefined || names.has(value));
}
