import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { EMULATED_TOKEN } from '../../src/lib/gitlab/emulator/answers.ts';
import {
  type GitlabPipelineEmulator,
  startGitlabPipelineEmulator,
} from '../../src/reloads/gitlab-pipeline/emulator.ts';
import { plugin } from '../../src/reloads/gitlab-pipeline/index.ts';
import { failure } from '../support/failure.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let gitlab: GitlabPipelineEmulator;
beforeEach(async () => {
  gitlab = await startGitlabPipelineEmulator();
});
afterEach(() => gitlab.stop());

const open = (options: JsonObject = {}): Promise<OpenedReload> =>
  openReload(
    plugin,
    { ...gitlab.options({ project: 'acme/shop' }), ...options },
    { references: { [EMULATED_TOKEN]: gitlab.resolve(EMULATED_TOKEN) ?? '' }, timeoutMs: 60_000 },
  );

describe('the pipeline', () => {
  it('is that of the branch, and hears which service is meant', async () => {
    const reload = await open({
      project: 'acme/platform/deploy',
      ref: 'release',
      variables: { SERVICE: '{{service}}' },
      inputs: { who: 'for {{service}}', restart: true, replicas: 2 },
    });
    await reload.run();
    expect(gitlab.pipelines.map(({ project, body }) => ({ project, body }))).toEqual([
      {
        project: 'acme/platform/deploy',
        body: {
          ref: 'release',
          variables: [{ key: 'SERVICE', value: 'check out' }],
          inputs: { who: 'for check out', restart: true, replicas: 2 },
        },
      },
    ]);
  });

  it('gets no inputs from a config without: older servers do not know them', async () => {
    await (await open()).run();
    expect(gitlab.pipelines[0]?.body).toEqual({ ref: 'main' });
  });

  it('is waited for until it has succeeded', async () => {
    gitlab.plan({ looks: 3 });
    const evidence = await (await open()).run();
    expect(evidence).toMatchObject({ pipeline: gitlab.pipelines[0]?.id, looks: 4 });
  });

  it.each(['failed', 'canceled', 'skipped'])('fails the reload when it is %s', async (end) => {
    gitlab.plan({ end });
    const error = await failure((await open()).run());
    expect(error.code).toBe('CHECK_FAILED');
    expect(error.message).toContain(`it is ${end}: https://gitlab.example/`);
  });

  it('fails the reload when it waits for somebody', async () => {
    gitlab.plan({ end: 'manual' });
    const error = await failure((await open()).run());
    expect(error).toMatchObject({ code: 'CHECK_FAILED' });
    expect(error.hint).toContain('`job`');
  });

  it('is given up when the time is over', async () => {
    gitlab.plan({ looks: 100 });
    const error = await failure((await open()).run());
    expect(error.code).toBe('CHECK_FAILED');
    expect(error.message).toContain('within 1m: it is running');
  });

  it('is looked at again when GitLab is busy', async () => {
    void gitlab.inject?.({ on: 'read', kind: 'status', status: 503, times: 2 });
    void gitlab.inject?.({ on: 'read', kind: 'cut' });
    await (await open()).run();
    expect(gitlab.effects()).toBe(1);
  });

  it('is refused for a branch that is not there, with GitLab’s words', async () => {
    gitlab.failNext();
    const error = await failure((await open()).run());
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('Reference not found');
  });
});

describe('a job of it', () => {
  it('is started when it is a manual one, once, and has to succeed alone', async () => {
    gitlab.plan({ end: 'failed', jobs: { build: 'failed', 'restart check out': 'manual' } });
    const evidence = await (await open({ job: 'restart {{service}}' })).run();
    expect(evidence).toMatchObject({ job: 'restart check out' });
    const played = gitlab.server.requests.filter(({ path }) => path.endsWith('/play'));
    expect(played).toHaveLength(1);
  });

  it('is only waited for when it runs by itself', async () => {
    gitlab.plan({ jobs: { restart: 'success' } });
    await (await open({ job: 'restart' })).run();
    expect(gitlab.server.requests.filter(({ path }) => path.endsWith('/play'))).toEqual([]);
  });

  it('fails the reload when it fails', async () => {
    gitlab.plan({ jobs: { restart: 'manual' }, played: 'failed' });
    const error = await failure((await open({ job: 'restart' })).run());
    expect(error.code).toBe('CHECK_FAILED');
    expect(error.message).toContain('the job restart is failed');
  });

  it('fails the reload when there is none of its name', async () => {
    gitlab.plan({ jobs: { build: 'success' } });
    const error = await failure((await open({ job: 'restart' })).run());
    expect(error.message).toContain('no job called restart');
  });

  it('is found behind the first page', async () => {
    const others = Array.from({ length: 130 }, (_, n) => [`test ${n}`, 'success']);
    gitlab.plan({ jobs: { ...Object.fromEntries(others), restart: 'manual' } });
    await (await open({ job: 'restart' })).run();
  });

  it('may or may not have been started when the answer is lost', async () => {
    gitlab.plan({ jobs: { restart: 'manual' } });
    gitlab.server.onWrite((moment) => {
      if (moment === 'after') void gitlab.inject?.({ on: 'write', kind: 'lost-answer' });
    });
    expect((await failure((await open({ job: 'restart' })).run())).code).toBe('INDETERMINATE');
  });

  it('is there in a rehearsal too, whatever the user calls it', async () => {
    const reload = await open(gitlab.options({ project: 'acme/shop', job: 'restart {{service}}' }));
    await reload.run();
  });
});
