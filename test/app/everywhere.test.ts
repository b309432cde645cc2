import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFault } from '../../src/app/rehearse/fault-spec.ts';
import { rehearse } from '../../src/app/rehearse/rehearse.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { catalog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';

const ROOT = join(import.meta.dirname, '../..');
let host: TestWorld;
let folder: string;
beforeAll(async () => {
  host = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'keyturn-everywhere-'));
});
afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The key of the root config that lives in every kind of store it knows. */
it.each([
  ['as it is', []],
  [
    'killed, turned away and left without answers on the way',
    [
      'kill@push:github',
      '429@push:gitlab',
      'lost-answer@push:circleci',
      'lost-answer@push:jenkins',
      'kill@push:postman',
    ],
  ],
])('one key goes through ten kinds of store, %s', async (_how, faults) => {
  const config = await loadConfig(join(ROOT, 'rotation.config.yaml'), {
    env: { KEYTURN_STATE: folder },
    catalog,
  });
  const kinds = new Set(config.keys['partner-api']?.targets.map(({ store }) => config.stores[store]?.type));
  expect(kinds.size).toBeGreaterThanOrEqual(10);

  const request = { ...REQUEST, key: 'partner-api' };
  const verdict = await rehearse(
    host.runtime({ config, catalog }),
    request,
    faults.map(parseFault),
    () => {},
  );

  expect(verdict).toMatchObject({ safe: true, report: { status: 'done' }, faults: { missed: [] } });
  expect(new Set(Object.values(verdict.holds))).toEqual(new Set(['new']));
});
