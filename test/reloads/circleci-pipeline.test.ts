import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type CircleciPipelineEmulator,
  type Moment,
  startCircleciPipelineEmulator,
  statuses,
} from '../../src/reloads/circleci-pipeline/emulator.ts';
import { plugin } from '../../src/reloads/circleci-pipeline/index.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

const PROJECT = { project: 'gh/acme/checkout' };
const GREEN: Moment = { state: 'created', workflows: statuses({ build: 'success', deploy: 'success' }) };

let emulator: CircleciPipelineEmulator;
beforeEach(async () => {
  emulator = await startCircleciPipelineEmulator();
});
afterEach(() => emulator.stop());

async function open(options: JsonObject = PROJECT, timeoutMs = 60_000): Promise<OpenedReload> {
  const ours = emulator.options(options);
  const reference = String(ours['token']);
  const references = { [reference]: emulator.resolve(reference) ?? '' };
  return openReload(plugin, ours, { timeoutMs, references });
}

/** A pipeline that goes so, and what the reload says of it. */
async function verdict(...moments: Moment[]): Promise<string> {
  emulator.play(moments);
  const outcome = await (await open()).run().then(
    ({ looks }) => `done after ${looks}`,
    (error: unknown) => error,
  );
  return outcome instanceof RotationError ? `${outcome.code}: ${outcome.message}` : String(outcome);
}

const sent = (): unknown => {
  const request = emulator.server.requests.find(({ method }) => method === 'POST');
  return { path: request?.path, ...(JSON.parse(request?.body ?? '{}') as object) };
};

describe('waiting', () => {
  it('lasts until every workflow, on whichever page of the list, has succeeded', async () => {
    const late = statuses({ a: 'success', b: 'success', c: 'running' });
    const done = statuses({ a: 'success', b: 'success', c: 'success' });
    const state = 'created';
    expect(
      await verdict({ state, workflows: late }, { state, workflows: late }, { state, workflows: done }),
    ).toBe('done after 3');
  });

  it('does not take the setup workflow for all there is', async () => {
    const setup: Moment = { state: 'setup', workflows: statuses({ setup: 'success' }) };
    expect(await verdict(setup, setup, GREEN)).toBe('done after 3');
  });

  it('does not take a pipeline without workflows for a success', async () => {
    expect(await verdict({ state: 'created', workflows: [] })).toMatch(/CHECK_FAILED.*no workflow/);
  });

  it('outlives looks that fail for a moment, and gives the time that is asked for', async () => {
    emulator.play([GREEN]);
    const reload = await open();
    emulator.inject?.({ kind: 'cut', on: 'read' });
    emulator.inject?.({ kind: 'status', status: 429, retryAfter: 20, on: 'read' });
    await reload.run();
    expect(reload.clock.sleeps).toEqual([10_000, 20_000]);
  });

  it.each(['failed', 'failing', 'error', 'canceled', 'unauthorized'])(
    'ends at once when a workflow is %s',
    async (status) => {
      const workflows = statuses({ build: 'running', deploy: status });
      expect(await verdict({ state: 'created', workflows })).toMatch(
        new RegExp(`CHECK_FAILED.*pipeline 1 of gh/acme/checkout.*workflow deploy is ${status}`),
      );
    },
  );

  it('ends at once when the config is not sound, and says what is wrong with it', async () => {
    const errors = [{ type: 'config', message: 'Job deploy is not defined' }];
    expect(await verdict({ state: 'errored', errors, workflows: [] })).toMatch(
      /CHECK_FAILED.*deploy is not defined/,
    );
  });

  it('has a limit, and then says what it waits for', async () => {
    const workflows = statuses({ build: 'success', approve: 'on_hold' });
    expect(await verdict({ state: 'created', workflows })).toMatch(
      /wait for pipeline 1 of gh.acme.checkout.*within 1m: workflow approve is on_hold/,
    );
    const looks = emulator.server.requests.filter(({ path }) => path.endsWith('/workflow'));
    expect(looks).toHaveLength(1 + 60 / 10);
  });
});

describe('triggering', () => {
  it('fills in the service, and leaves other parameters as they are', async () => {
    emulator.play([GREEN]);
    const parameters = { deploy: true, replicas: 2, reason: 'for {{service}}' };
    await (await open({ ...PROJECT, branch: 'main', parameters })).run();
    expect(sent()).toEqual({
      path: '/api/v2/project/gh/acme/checkout/pipeline',
      branch: 'main',
      parameters: { deploy: true, replicas: 2, reason: 'for check out' },
    });
  });

  it('asks for a pipeline definition where there is one', async () => {
    emulator.play([GREEN]);
    const definition = '2338d0ae-5541-4bbf-88a2-55e9f7281f80';
    await (await open({ ...PROJECT, tag: 'v1', definition })).run();
    expect(sent()).toEqual({
      path: '/api/v2/project/gh/acme/checkout/pipeline/run',
      definition_id: definition,
      config: { tag: 'v1' },
      checkout: { tag: 'v1' },
      parameters: {},
    });
  });

  it('says so when CircleCI skips the pipeline', async () => {
    emulator.skip();
    expect(await verdict(GREEN)).toMatch(/CHECK_FAILED.*skipped/);
    expect(emulator.effects()).toBe(0);
  });

  it.each([
    { ...PROJECT, branch: 'main', tag: 'v1' },
    { project: 'acme/checkout' },
    { ...PROJECT, parameters: { 'a b': 1 } },
  ])('refuses the options %j', async (options) => {
    await expect(open(options)).rejects.toThrow();
  });
});
