import { describe, expect, test } from 'vitest';
import { shapeOf } from './support/shape-of.ts';
import { useSites } from './support/use-sites.ts';

const { open, openWithPostman } = useSites();

const FINGERPRINTS = { API_KEY: 'string' };
const LIVE = {
  oldKey: { id: 'string', state: 'string' },
  newKey: { id: 'string', state: 'string' },
  targets: { total: 'number', holdNew: 'number', holdOld: 'number', unclear: [] },
};
const REPORT = {
  rotationId: 'string',
  key: 'string',
  status: 'string',
  exitCode: 'number',
  live: LIVE,
  waitsUntil: 'null',
  evidence: [{ verdict: 'string', text: 'string' }],
  error: 'null',
  instructions: [],
  message: 'string',
  next: ['string'],
};
const USE = { type: 'string', timeoutMs: 'number' };

describe('with --json, stdout is one document of a fixed shape, and nothing else is printed', () => {
  test('plan', async () => {
    const run = await (await open()).run(['plan', 'shop-key', '--json']);
    expect(run.stderr).toBe('');
    expect(shapeOf(run.json())).toEqual({
      plan: {
        planVersion: 'number',
        key: 'string',
        mode: 'string',
        baseDir: 'string',
        issuer: { ...USE, options: { format: 'string', bits: 'number', prefix: 'string' } },
        current: 'null',
        policy: {
          deactivate: 'string',
          soakMs: 'number',
          watch: { forMs: 'number', everyMs: 'number' },
          graceMs: 'number',
          delete: 'boolean',
          maxTargets: 'number',
        },
        stores: {
          'env-files': {
            ...USE,
            options: { root: 'string' },
            attempts: 'number',
            concurrency: 'number',
            expect: {},
          },
        },
        waves: ['string'],
        targets: [
          {
            id: 'string',
            store: 'string',
            ref: 'string',
            parts: FINGERPRINTS,
            wave: 'string',
            fingerprints: FINGERPRINTS,
            restore: 'string',
            offers: { readable: 'boolean', cas: 'boolean', evidence: 'string' },
          },
        ],
        services: [
          {
            name: 'string',
            owner: 'string',
            wave: 'string',
            targets: ['string'],
            reload: { ...USE, options: expect.any(Object) },
            checks: [{ ...USE, name: 'string', options: expect.any(Object) }],
          },
        ],
        concurrency: 'number',
        oldKeyId: 'string',
        principal: 'null',
        pointOfNoReturn: 'null',
      },
      acts: { create: 'string', deactivate: 'string', deletes: 'boolean' },
      findings: [],
      pointOfNoReturn: 'null',
    });
  });

  test('rotate, resume, rotations, rotations show, approve', async () => {
    const site = await open();
    const rotated = await site.run(['rotate', 'shop-key', '--yes', '--json']);
    expect(rotated.exitCode).toBe(6);
    expect(rotated.stderr).toBe('');
    expect(shapeOf(rotated.json())).toEqual(REPORT);
    const { rotationId, next } = rotated.json<{ rotationId: string; next: string[] }>();
    expect(next).toEqual([`keyturn approve ${rotationId}`, `keyturn rollback ${rotationId}`]);

    expect(shapeOf((await site.run(['resume', '--json'])).json())).toEqual(REPORT);
    const row = {
      rotationId: 'string',
      key: 'string',
      status: 'string',
      startedAt: 'string',
      updatedAt: 'string',
    };
    expect(shapeOf((await site.run(['rotations', '--json'])).json())).toEqual({
      rotations: [row],
      damaged: [],
      configProblem: 'null',
    });
    expect(shapeOf((await site.run(['rotations', 'show', rotationId, '--json'])).json())).toEqual({
      ...row,
      live: LIVE,
      targets: [{ id: 'string', wave: 'string', status: 'string', error: 'null' }],
      services: [
        {
          name: 'string',
          owner: 'string',
          steps: { 'guard:shop': 'string', 'reload:shop': 'string', 'check:shop/ping': 'string' },
        },
      ],
      evidence: [{ verdict: 'string', text: 'string' }],
      problems: [],
      instructions: [],
      next: ['string'],
      configProblem: 'null',
    });
    const approved = await site.run(['approve', rotationId, '--json']);
    expect(shapeOf(approved.json())).toEqual({ ...REPORT, evidence: [], next: [] });
    expect(approved.json()).toMatchObject({ status: 'done', live: { oldKey: { state: 'forgotten' } } });
  });

  test('rollback, and a rotation that was rolled back by itself', async () => {
    const site = await open();
    await site.run(['rotate', 'shop-key', '--yes', '--json']);
    const [id = ''] = await site.rotations();
    const back = await site.run(['rollback', id, '--json']);
    expect(back.exitCode).toBe(4);
    expect(shapeOf(back.json())).toEqual({ ...REPORT, evidence: [] });

    site.service.breakWithOtherKeys();
    const failed = await site.run(['rotate', 'shop-key', '--yes', '--json']);
    expect(failed.exitCode).toBe(4);
    expect(shapeOf(failed.json())).toEqual({ ...REPORT, evidence: [] });
  });

  test('a rotation that waits for a person says what to do, one that waits for time until when', async () => {
    const { site } = await openWithPostman();
    const waiting = await site.run(['rotate', 'shop-key', '--yes', '--json']);
    expect(waiting.exitCode).toBe(6);
    expect(shapeOf(waiting.json())).toEqual({
      ...REPORT,
      live: { ...LIVE, newKey: { id: 'null', state: 'string' } },
      evidence: [],
      instructions: ['string'],
    });
    const soaking = await open({ policy: { soak: '1h' } });
    const run = await soaking.run(['rotate', 'shop-key', '--yes', '--json']);
    expect(shapeOf(run.json())).toEqual({ ...REPORT, evidence: [], waitsUntil: 'string' });
  });

  test('resume --due', async () => {
    const site = await open({ policy: { soak: '1h' } });
    const nothing = await site.run(['resume', '--due', '--json']);
    expect(nothing.json()).toEqual({ rotations: [], failed: [] });
    expect(nothing.exitCode).toBe(0);
  });

  test('doctor, init, schema, rehearse', async () => {
    const site = await open();
    expect(shapeOf((await site.run(['doctor', '--json'])).json())).toEqual({
      items: [{ area: 'string', subject: 'string', verdict: 'string', message: 'string' }],
    });
    const init = ['init', '--key', 'k', '--issuer', 'generated', '--set', 'issuer.format=hex'];
    const flags = ['--store', 'env=dotenv', '--target', 'env:.env#K', '--config', 'first.yaml', '--json'];
    expect((await site.run([...init, ...flags])).json()).toEqual({
      config: 'first.yaml',
      next: 'keyturn plan k --config first.yaml',
    });
    expect((await site.run(['schema', '--json'])).json()).toEqual((await site.run(['schema'])).json());
    const rehearsed = await site.run(['rehearse', 'shop-key', '--json']);
    expect(rehearsed.exitCode).toBe(0);
    expect(shapeOf(rehearsed.json())).toMatchObject({ safe: 'boolean', message: 'string', report: {} });
  });

  test.each([
    ['an unknown key', ['plan', 'nobody', '--json'], 2],
    ['an unknown flag', ['rotate', 'shop-key', '--nonsense', '--json'], 2],
    ['an unknown command', ['rotat', '--json'], 2],
    ['an unknown rotation', ['resume', 'r20200101-000000-aaaaaa', '--json'], 1],
    ['no open rotation', ['resume', '--json'], 3],
    ['an edited plan file', ['rotate', 'shop-key', '--plan', 'rotation.config.yaml', '--json'], 2],
  ])('an error is {error: {code, message, hint}}: %s', async (_what, argv, exitCode) => {
    const run = await (await open()).run(argv);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toBe('');
    expect(shapeOf(run.json())).toEqual({ error: { code: 'string', message: 'string', hint: 'string' } });
  });
});

test('--progress json writes one object a line on stderr, and the answer alone on stdout', async () => {
  const site = await open();
  const run = await site.run(['rotate', 'shop-key', '--yes', '--json', '--progress', 'json']);
  expect(run.json()).toMatchObject({ status: 'at-gate' });
  const types = run.stderr
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types).toContain('preflight');
  expect(types).toContain('rotation.started');
  expect(types.at(-1)).toBe('gate.reached');
  expect(run.stderr).not.toContain('sealed:');
});
