import {
  type Arbitrary,
  assert,
  constant,
  constantFrom,
  array as listOf,
  oneof,
  property,
  record,
} from 'fast-check';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sampleInventory } from '../../scripts/bench/sample-inventory.ts';
import { readPlainService } from '../../src/config/schema/plain-service.ts';
import { wholeServiceShape } from '../../src/config/schema/service-shape.ts';
import type { Issue } from '../../src/config/shape/issue.ts';
import type { Reading } from '../../src/config/shape/reading.ts';

const HTTP = z.strictObject({ url: z.string().min(1), method: z.enum(['GET', 'POST']).default('GET') });
/** Would take anything: what is not an option must not reach it. */
const LOOSE = z.looseObject({ url: z.string().nullable().default('none') });
const CHECKS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['http', HTTP],
  ['loose', LOOSE],
]);
const ISSUERS = new Map([
  ['ci', 'single'],
  ['pair', 'double'],
]);
const PARTS = new Map([
  ['single', ['value']],
  ['double', ['id', 'secret']],
]);

function readingOf(issues: Issue[], names: Partial<Reading['names']> = {}): Reading {
  return {
    issues,
    names: {
      stores: new Set(['vault']),
      keys: new Set(['ci', 'pair']),
      waves: new Set(['canary']),
      ...names,
    },
    types: { stores: [], issuers: [], checks: [...CHECKS.keys()], reloads: [], notifiers: [] },
    optionsOf: (kind, type) => (kind === 'checks' ? CHECKS.get(type) : undefined),
    issuerOf: (key) => ISSUERS.get(key),
    partsOf: (issuer) => PARTS.get(issuer) ?? [],
  };
}

/** Mostly what is right, and everything that may stand there in its place. */
function mostly(...right: readonly unknown[]): Arbitrary<unknown> {
  const wrong = constantFrom<unknown>(null, '', 'other', 7, true, [], {}, ['canary'], 'constructor');
  return oneof({ weight: 40, arbitrary: constantFrom(...right) }, { weight: 1, arbitrary: wrong });
}

/** A mapping with these fields, some of them left out, and now and then one that nobody knows. */
function mapping(required: Record<string, Arbitrary<unknown>>, rare: Record<string, Arbitrary<unknown>>) {
  const whole = record(required);
  const partial = record({ ...required, ...rare, unknown: constant(1) }, { requiredKeys: [] });
  return oneof({ weight: 20, arbitrary: whole }, { weight: 1, arbitrary: partial });
}

function several(entry: Arbitrary<unknown>): Arbitrary<unknown> {
  return oneof(
    { weight: 40, arbitrary: listOf(entry, { maxLength: 3 }) },
    { weight: 1, arbitrary: mostly({}) },
  );
}

const target = mapping(
  { store: mostly('vault'), ref: mostly('apps/a', 'apps/b'), field: mostly('api_key') },
  { fields: mostly({ a: 'value' }), wave: mostly('canary') },
);
const use = mapping({ key: mostly('ci', 'ci', 'ci', 'pair'), from: several(target) }, {});
const check = mapping(
  { type: mostly('http', 'http', 'loose'), url: mostly('https://a.example.com') },
  { method: mostly('POST', 'PUT'), name: mostly('ping'), key: mostly('ci'), timeout: mostly('3s') },
);
const service = mapping(
  { owner: mostly('team-a'), wave: mostly('canary'), uses: several(use), checks: several(check) },
  { reload: mostly({ type: 'command', command: ['true'] }) },
);

test('what the fast reader takes, it reads as the shape does, and the shape has nothing to say against it', () => {
  let taken = 0;
  assert(
    property(
      service,
      constantFrom({}, { waves: undefined }, { keys: undefined, stores: undefined }),
      (value, names) => {
        const issues: Issue[] = [];
        const plain = readPlainService(value, readingOf([], names), 'production');
        if (plain === undefined) return;
        taken += 1;
        const whole = wholeServiceShape('production').read(value, readingOf(issues, names));
        expect(issues).toEqual([]);
        expect(plain).toStrictEqual(whole);
        expect(JSON.stringify(plain)).toBe(JSON.stringify(whole));
      },
    ),
    { numRuns: 4000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test('it notes nothing itself: the mistakes of what it does not take are told once', () => {
  const issues: Issue[] = [];
  expect(readPlainService({ uses: [{ key: 'cj' }] }, readingOf(issues), 'production')).toBeUndefined();
  expect(issues).toEqual([]);
});

test('it takes the services of a long inventory', () => {
  const { services } = load(sampleInventory(40)) as { services: Readonly<Record<string, unknown>> };
  const reading = readingOf([], { stores: undefined, keys: undefined, waves: undefined });
  const read = Object.values(services).map((value) => readPlainService(value, reading, 'production'));
  expect(read).not.toContain(undefined);
});
