import { describe, expect, test } from 'vitest';
import type { RehearsalVerdict } from '../../src/app/rehearse/rehearse.ts';
import type { RotationReport } from '../../src/app/report.ts';
import type { RotationDetails } from '../../src/app/rotation-listing.ts';
import { renderDetails } from '../../src/ui/render/render-details.ts';
import { renderPlan } from '../../src/ui/render/render-plan.ts';
import { renderReport } from '../../src/ui/render/render-report.ts';
import { renderVerdict } from '../../src/ui/render/render-verdict.ts';
import { planResult } from './support/plan-result.ts';

const POLICY = planResult().plan.policy;
const DAY = 86_400_000;
const BLIND = { readable: false, cas: false, evidence: 'none' } as const;

describe('the plan says what becomes of the old key', () => {
  test('nobody but the stores knows it: forgotten, and until when that can be undone', () => {
    const text = renderPlan(planResult());
    expect(text).toContain('new key      made by keyturn when the rotation begins');
    expect(text).toContain('nothing to deactivate: prove that no readable store holds the old value');
    expect(text).toContain('end: the sealed copy of the old value is destroyed, and it is forgotten');
    expect(text).toContain('point of no return: the end; until then, all can be taken back');
    expect(text).not.toContain('delete the old key');
  });

  test('switched off by an API, watched, and deleted after the grace period', () => {
    const text = renderPlan(
      planResult({
        acts: { create: 'api', deactivate: 'api', deletes: true },
        pointOfNoReturn: 'delete-key',
        plan: {
          issuer: { type: 'aws-iam', timeoutMs: 1, options: {} },
          oldKeyId: 'AKID',
          principal: { id: '1', display: 'user/robot', details: {} },
          policy: {
            ...POLICY,
            deactivate: 'after-soak',
            soakMs: 900_000,
            watch: { forMs: 3_600_000, everyMs: 1500 },
            graceMs: DAY,
          },
        },
      }),
    );
    expect(text).toContain('current key  AKID, acts as user/robot');
    expect(text).toContain('new key      made by aws-iam when the rotation begins');
    expect(text.slice(text.indexOf('Retire')).split('\n')).toEqual([
      'Retire',
      '  soak 15m',
      '  gate: waits for `keyturn approve`, as no check sees the new key work',
      '  deactivate the old key, prove it dead',
      '  watch for 1h, every 1500ms',
      '  delete the old key after 1d',
      '  point of no return: delete-key',
    ]);
  });

  test('by a person', () => {
    const acts = { create: 'assisted', deactivate: 'assisted', deletes: false } as const;
    const text = renderPlan(planResult({ acts, pointOfNoReturn: 'deactivate-key' }));
    expect(text).toContain('made by a person at generated; keyturn asks for it');
    expect(text).toContain('a person deactivates the old key, keyturn shows how and proves it dead');
  });

  test('a leak dies first, before any wave, and without a soak', () => {
    const acts = { create: 'api', deactivate: 'api', deletes: false } as const;
    const policy = { ...POLICY, deactivate: 'after-soak', soakMs: 900_000 } as const;
    const text = renderPlan(planResult({ acts, plan: { mode: 'contain', policy } }));
    expect(text.indexOf('First: the leaked key')).toBeLessThan(text.indexOf('Wave production'));
    expect(text).toContain('services that use it fail from then on, until the new key is pushed');
    expect(text).not.toContain('soak');
    expect(text).toContain('gate: opens by itself when all evidence passes');
    expect(text).toContain('point of no return: none; all can be taken back until the end');
  });

  test('deleted at once, where no grace period is asked for', () => {
    const acts = { create: 'api', deactivate: 'api', deletes: true } as const;
    expect(renderPlan(planResult({ acts }))).toMatch(/^ {2}delete the old key$/m);
  });

  test('or nothing', () => {
    const text = renderPlan(planResult({ plan: { policy: { ...POLICY, deactivate: 'never' } } }));
    expect(text).toContain('the old key is left live (deactivate: never)');
  });
});

test('a plan for thousands is a screenful, with its findings at the end', () => {
  const { plan } = planResult();
  const [target] = plan.targets;
  const [service] = plan.services;
  if (target === undefined || service === undefined) throw new Error('the sample has both');
  const text = renderPlan(
    planResult({
      plan: {
        targets: Array.from({ length: 1000 }, () => ({
          ...target,
          fingerprints: null,
          restore: 'none',
          offers: BLIND,
        })),
        services: Array.from({ length: 100 }, () => ({ ...service, owner: 'team' })),
      },
      findings: [
        { severity: 'error', code: 'DRIFT', subject: 'env/a', message: 'differs', hint: 'look' },
        { severity: 'info', code: 'REFUSED', subject: 'env/b', message: 'noted' },
      ],
    }),
  );
  expect(text).toContain('… and 960 more targets');
  expect(text).toContain('… and 60 more services');
  expect(text).toContain('now cannot be read; writes the new value');
  expect(text).toContain('undo: NOT restorable by keyturn');
  expect(text).toContain('service shop: no reload, no check, owner team');
  expect(text.endsWith('Preflight\n  x env/a: differs\n      look\n  - env/b: noted')).toBe(true);
});

test.each([
  ['looked at in vain', undefined, 'could not be looked at; writes the new value'],
  ['empty', { ...BLIND, readable: true }, 'now nothing is there; writes the new value'],
])('a plan claims nothing of a slot that was %s', (_how, offers, words) => {
  const [target] = planResult().plan.targets;
  const slot = { ...target, fingerprints: null, restore: 'none', offers } as never;
  const text = renderPlan(planResult({ plan: { targets: [slot] } }));
  expect(text).toContain(words);
  expect(text).not.toContain('cannot be read');
  expect(text.includes('NOT restorable')).toBe(offers !== undefined);
});

test('a plan says on whose word the old key goes back where nothing can be read', () => {
  const [target] = planResult().plan.targets;
  const blind = { ...target, fingerprints: null, restore: 'value', offers: BLIND } as never;
  const text = renderPlan(planResult({ plan: { targets: [blind] } }));
  expect(text).toContain('undo: the current key written there, on the word of the config that it holds it');
});

test.each([
  ['timestamp', 'proof: the time of the last update, as the store tells it'],
  ['none', 'proof: none; the gate says so, and does not open by itself'],
] as const)('a plan says what will prove a push that cannot be read back: %s', (evidence, words) => {
  const [target] = planResult().plan.targets;
  const offers = { readable: false, cas: false, evidence };
  const blind = { ...target, fingerprints: null, restore: 'value', offers } as never;
  expect(renderPlan(planResult({ plan: { targets: [blind] } }))).toContain(words);
  const shown = { ...target, offers: { ...offers, readable: true, evidence: 'read-back' } } as never;
  expect(renderPlan(planResult({ plan: { targets: [shown] } }))).not.toContain('proof:');
});

const LIVE = {
  oldKey: { id: null, state: 'live' },
  newKey: { id: 'new', state: 'live' },
  targets: { total: 6, holdNew: 1, holdOld: 0, unclear: ['a', 'b', 'c', 'd', 'e'] },
} as const;

const REPORT: RotationReport = {
  rotationId: 'r1',
  key: 'k',
  status: 'stuck',
  exitCode: 5,
  message: 'Stuck at push:a',
  live: LIVE,
  next: ['keyturn resume r1'],
  waitsUntil: null,
  evidence: [{ verdict: 'inconclusive', text: 'nobody knows' }],
  error: { code: 'INDETERMINATE', message: 'lost', hint: 'Look at the store.' },
  instructions: ['Open the page.'],
};

test('a report says what happened, what is live, and what to do, in this order', () => {
  expect(renderReport(REPORT).split('\n')).toEqual([
    'Stuck at push:a',
    '  rotation  r1',
    '  old key   live',
    '  new key   live (new)',
    '  targets   1 of 6 hold the new key; not clear: a, b, c and 2 more',
    '  hint      Look at the store.',
    'Evidence',
    '  ? nobody knows',
    'To do',
    '  1. Open the page.',
    'Next',
    '  keyturn resume r1',
  ]);
  const unmade = { ...LIVE, newKey: { id: null, state: 'not made' } } as const;
  expect(renderReport({ ...REPORT, live: unmade, error: null })).toContain('  new key   not made\n');
  const few = { ...LIVE, targets: { ...LIVE.targets, unclear: ['a'] } };
  expect(renderReport({ ...REPORT, live: few, exitCode: 0, evidence: [], next: [] })).toContain(
    'not clear: a\n',
  );
});

test('the details of a rotation name each target, each service, each problem, and the next command', () => {
  const target = { id: 'env/a', wave: 'canary', status: 'done', error: null };
  const details: RotationDetails = {
    rotationId: 'r1',
    key: 'k',
    status: 'at the gate',
    startedAt: 'then',
    updatedAt: 'now',
    live: { ...LIVE, oldKey: { id: 'old', state: 'live' }, newKey: { id: null, state: 'not made' } },
    targets: Array.from({ length: 61 }, () => target),
    services: [
      { name: 'shop', owner: 'team', steps: { 'check:shop/ping': 'failed' } },
      { name: 'idle', owner: null, steps: {} },
    ],
    evidence: [],
    problems: [{ step: 'check:shop/ping', status: 'failed', message: 'status 500', hint: 'Look.' }],
    instructions: ['Open the page.'],
    next: ['keyturn approve r1'],
  };
  const text = renderDetails(details);
  expect(text).toContain('  old key   live (old)\n  new key   not made\n');
  expect(text).toContain('… and 1 more; see --json');
  expect(text).toContain('  shop: check failed (owner team)\n  idle: not yet');
  expect(text).toContain('check:shop/ping failed: status 500\n  Look.');
  expect(text).toContain('1 of 6 hold the new key; not clear: a, b, c and 2 more\n');
  expect(text.endsWith('To do\n  1. Open the page.\n\nNext\n  keyturn approve r1')).toBe(true);
});

test('the details of a rotation that has ended, of a key nobody checks, are a few lines', () => {
  const text = renderDetails({
    rotationId: 'r1',
    key: 'k',
    status: 'done',
    startedAt: 'then',
    updatedAt: 'now',
    live: LIVE,
    targets: [],
    services: [],
    evidence: [],
    problems: [],
    instructions: [],
    next: [],
  });
  expect(text.split('\n')).toEqual([
    'r1  k  done',
    '  begun     then, last change now',
    '  old key   live',
    '  new key   live (new)',
    '  targets   1 of 6 hold the new key; not clear: a, b, c and 2 more',
    '',
    'Targets',
  ]);
});

describe('the verdict of a rehearsal', () => {
  const VERDICT: RehearsalVerdict = {
    safe: true,
    message: 'Safe: all is well',
    report: { ...REPORT, message: 'Done' },
    holds: { 'env/a': 'new', 'env/b': 'other' },
    liveKeys: 1,
    faults: { struck: [], missed: [] },
    resumes: 0,
  };

  test('says what each store holds, how many keys live, and ends with itself', () => {
    expect(renderVerdict(VERDICT).split('\n')).toEqual([
      'After the rehearsal',
      '  new   env/a',
      '  other env/b',
      '  keys live at the issuer: 1',
      '  Done',
      'Safe: all is well',
    ]);
  });

  test('counts no keys at an issuer that there is not', () => {
    expect(renderVerdict({ ...VERDICT, liveKeys: null })).not.toContain('issuer');
  });

  test.each([
    [1, '  killed and resumed 1 time'],
    [3, '  killed and resumed 3 times'],
  ])('counts %i kills', (resumes, line) => {
    const faults = { struck: ['kill@push:a'], missed: ['kill@nowhere'] };
    const text = renderVerdict({ ...VERDICT, safe: false, message: 'Not safe', faults, resumes });
    expect(text).toContain(`${line}\n`);
    expect(text).toContain(
      '  fault struck: kill@push:a\n  fault never struck: kill@nowhere (no such step ran)',
    );
    expect(text.endsWith('\nNot safe')).toBe(true);
  });
});
