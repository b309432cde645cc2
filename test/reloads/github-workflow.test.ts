import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type GithubWorkflowEmulator,
  startGithubWorkflowEmulator,
} from '../../src/reloads/github-workflow/emulator.ts';
import { plugin } from '../../src/reloads/github-workflow/index.ts';
import { failure } from '../support/failure.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let emulator: GithubWorkflowEmulator;
beforeEach(async () => {
  emulator = await startGithubWorkflowEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}, timeoutMs = 600_000): Promise<OpenedReload> => {
  const own = emulator.options();
  const token = { 'env:GITHUB_EMULATOR_TOKEN': emulator.resolve('env:GITHUB_EMULATOR_TOKEN') ?? '' };
  return openReload(plugin, { ...own, ...options }, { timeoutMs, references: token });
};

describe('starting', () => {
  it('fills the name of the service into the inputs, and runs the branch that was asked for', async () => {
    const reload = await open({ branch: 'release/1', inputs: { service: 'say {{service}}', plain: 'yes' } });
    await reload.run();
    expect(emulator.inputs()).toEqual([{ service: 'say check out', plain: 'yes' }]);
    const [sent] = emulator.github.server.requests.filter(({ method }) => method === 'POST');
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ ref: 'release/1', return_run_details: true });
    expect(sent?.path).toBe('/api/v3/repos/acme/shop/actions/workflows/deploy.yml/dispatches');
  });

  it('says what GitHub says when the workflow cannot be started', async () => {
    emulator.failNext();
    const error = await failure((await open()).run());
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain("does not have 'workflow_dispatch' trigger");
  });

  it.each([
    ['a repository', { repository: 'acme' }],
    ['a workflow', { workflow: '../other.yml' }],
    ['a placeholder', { inputs: { service: '{{not one}}' } }],
    ['a placeholder it knows', { inputs: { service: '{{value}}' } }],
    ['an interval', { interval: 'often' }],
    ['so few inputs', { inputs: Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`i${i}`, 'x'])) }],
  ])('takes %s as it has to be, and nothing else', async (_what, options) => {
    const schema = await plugin.options();
    expect(schema.safeParse(emulator.options()).success).toBe(true);
    const broken = { ...emulator.options(), ...options };
    expect(schema.safeParse(broken).success).toBe(false);
  });
});

describe('waiting', () => {
  it('looks until the run is over, and gives its address', async () => {
    emulator.plan({ looks: 3 });
    const reload = await open();
    const evidence = await reload.run();
    expect(evidence).toEqual({
      workflow: 'deploy.yml',
      runs: ['https://github.example/acme/shop/actions/runs/30433642'],
      looks: 4,
    });
    expect(reload.clock.sleeps).toEqual([10_000, 10_000, 10_000]);
  });

  it.each(['failure', 'cancelled', 'timed_out', 'neutral', 'skipped', 'action_required'])(
    'a run that ended with %s has reloaded nothing',
    async (conclusion) => {
      emulator.plan({ conclusion });
      const error = await failure((await open()).run());
      expect(error.code).toBe('CHECK_FAILED');
      expect(error.message).toContain(`it ended with ${conclusion}: https://github.example`);
    },
  );

  it('ends after `timeout`, and says how far the run is', async () => {
    emulator.plan({ looks: 1000, status: 'waiting' });
    const reload = await open({}, 60_000);
    const error = await failure(reload.run());
    expect(error.code).toBe('CHECK_FAILED');
    expect(error.message).toContain('not done within 1m');
    expect(error.message).toContain('is waiting');
    expect(reload.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000);
  });

  it.each([
    ['cut', { kind: 'cut' } as const, 10_000],
    ['server error', { kind: 'status', status: 502 } as const, 10_000],
    ['busy GitHub', { kind: 'status', status: 429, retryAfter: 45 } as const, 45_000],
  ])('outlasts a %s while it looks', async (_what, fault, pause) => {
    emulator.plan({ looks: 0 });
    const reload = await open();
    emulator.github.server.onWrite((moment) => {
      if (moment === 'after') void emulator.inject?.({ ...fault, on: 'read' });
    });
    await reload.run();
    expect(reload.clock.sleeps).toEqual([pause]);
    expect(emulator.effects()).toBe(1);
  });

  it('does not outlast a token that is refused', async () => {
    const reload = await open();
    emulator.github.server.onWrite((moment) => {
      if (moment === 'after') void emulator.inject?.({ kind: 'status', status: 401, on: 'read' });
    });
    expect((await failure(reload.run())).code).toBe('UNAUTHENTICATED');
  });

  it('stops when it is asked to', async () => {
    emulator.plan({ looks: 1000 });
    const stop = new AbortController();
    emulator.github.server.onWrite((moment) => {
      if (moment === 'after') stop.abort();
    });
    expect((await failure((await open()).run(stop.signal))).code).toMatch(/ABORTED|INDETERMINATE/);
  });
});

describe('a server that does not tell which run it started', () => {
  beforeEach(() => emulator.beOld());

  it('is asked again without the wish, and the run is found: it was not there before', async () => {
    emulator.plan({ conclusion: 'failure', looks: 0 });
    await failure((await open()).run());
    emulator.plan({ conclusion: 'success', looks: 2 });
    const evidence = await (await open()).run();
    expect(evidence).toMatchObject({ runs: ['https://github.example/acme/shop/actions/runs/30433643'] });
    expect(emulator.effects()).toBe(2);
  });

  it('does not take a run of another branch for ours', async () => {
    emulator.plan({ looks: 0 });
    const theirs = await open({ branch: 'other' });
    const reload = await open({ branch: 'refs/heads/main' });
    emulator.github.server.onWrite(async (moment) => {
      if (moment !== 'after') return;
      emulator.github.server.onWrite(undefined);
      emulator.plan({ looks: 1, conclusion: 'success' });
      await theirs.run();
    });
    expect(await reload.run()).toMatchObject({
      runs: ['https://github.example/acme/shop/actions/runs/30433643'],
    });
  });

  it('waits for a run that is not listed yet, and ends when none ever is', async () => {
    const reload = await open({ branch: 'v1' }, 30_000);
    emulator.github.server.onWrite((moment) => {
      if (moment === 'after') void emulator.inject?.({ kind: 'status', status: 503, on: 'read', times: 100 });
    });
    const error = await failure(reload.run());
    expect(error.code).toBe('CHECK_FAILED');
    expect(error.message).toContain('status 503');
  });
});
