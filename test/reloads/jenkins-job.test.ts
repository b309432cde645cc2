import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type JenkinsJobEmulator, startJenkinsJobEmulator } from '../../src/reloads/jenkins-job/emulator.ts';
import { plugin } from '../../src/reloads/jenkins-job/index.ts';
import { problemsOf } from '../checks/support/open-check.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

/** The service of these tests is called `check out`. */
describe('the Jenkins job', () => {
  let jenkins: JenkinsJobEmulator;
  beforeEach(async () => {
    jenkins = await startJenkinsJobEmulator();
  });
  afterEach(() => jenkins.stop());

  const open = (options: JsonObject = {}): Promise<OpenedReload> => {
    const theirs = jenkins.options({ job: 'team/app/deploy', ...options });
    const auth = theirs['auth'] as JsonObject;
    const reference = String(auth['token'] ?? auth['password']);
    return openReload(plugin, theirs, { references: { [reference]: jenkins.resolve(reference) ?? '' } });
  };
  const asked = (): string[] =>
    jenkins.server.requests.map(({ method, path }) => `${method} ${path.replace('/jenkins', '')}`);

  it('follows its build from the queue to the end', async () => {
    const reload = await open({ interval: '3s' });
    expect(await reload.run()).toEqual({
      job: 'team/app/deploy',
      queueItem: 1,
      build: 41,
      result: 'SUCCESS',
      url: `${jenkins.server.url}/jenkins/job/team/job/app/job/deploy/41/`,
      looks: 3,
    });
    expect(asked()).toEqual([
      'POST /job/team/job/app/job/deploy/build',
      'GET /queue/item/1/api/json',
      'GET /queue/item/1/api/json',
      'GET /job/team/job/app/job/deploy/41/api/json',
      'GET /job/team/job/app/job/deploy/41/api/json',
    ]);
    expect(reload.clock.sleeps).toEqual([3000, 3000]);
  });

  it('gives the parameters, with the name of the service in them', async () => {
    jenkins.parameterized = new Set(['/job/deploy%20check%20out']);
    const parameters = { SERVICE: '{{service}}', DRY_RUN: false, WAVE: 2, TEXT: 'a&b=c +é' };
    await (await open({ job: 'deploy {{service}}', parameters })).run();
    expect(jenkins.builds[0]?.parameters).toEqual({
      SERVICE: 'check out',
      DRY_RUN: 'false',
      WAVE: '2',
      TEXT: 'a&b=c +é',
    });
  });

  it('builds a job with its default parameters when asked for none in particular', async () => {
    jenkins.parameterized = new Set(['/job/team/job/app/job/deploy']);
    await (await open({ parameters: {} })).run();
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'REFUSED',
      hint: expect.stringContaining('`parameters`'),
    });
    expect(jenkins.effects()).toBe(1);
  });

  it.each(['UNSTABLE', 'FAILURE', 'ABORTED', 'NOT_BUILT'])(
    'takes %s for a failure, and says where',
    async (result) => {
      jenkins.next.result = result;
      await expect((await open()).run()).rejects.toMatchObject({
        code: 'CHECK_FAILED',
        message: expect.stringContaining(result),
        hint: expect.stringContaining('/job/deploy/41/'),
      });
    },
  );

  it('does not take the result so far for the last word', async () => {
    Object.assign(jenkins.next, { looksRunning: 2, resultSoFar: 'SUCCESS', result: 'FAILURE' });
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('FAILURE'),
    });
  });

  it('fails when somebody takes the build out of the queue', async () => {
    jenkins.server.onWrite((moment) => {
      const [build] = jenkins.builds;
      if (moment === 'after' && build !== undefined) build.cancelled = true;
    });
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('taken out of the queue'),
    });
  });

  it.each([
    ['waits in the queue', { looksInQueue: 99 }, 'In the quiet period'],
    ['runs', { looksRunning: 99 }, 'build 41 is running'],
  ])('gives up on a build that still %s when the time is over', async (_what, next, seen) => {
    Object.assign(jenkins.next, next);
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(new RegExp(`within 20s.*${seen}`)),
    });
  });

  it('waits out a Jenkins that restarts or is busy', async () => {
    jenkins.inject?.({ on: 'read', kind: 'cut' });
    jenkins.inject?.({ on: 'read', kind: 'status', status: 503 });
    jenkins.inject?.({ on: 'read', kind: 'status', status: 429, retryAfter: 10 });
    const reload = await open({ interval: '1s' });
    expect(await reload.run()).toMatchObject({ result: 'SUCCESS' });
    expect(reload.clock.sleeps).toEqual([1000, 1000, 10_000, 1000, 1000]);
    expect(jenkins.effects()).toBe(1);
  });

  it('does not wait for what no wait will change', async () => {
    jenkins.inject?.({ on: 'read', kind: 'status', status: 403 });
    await expect((await open()).run()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('says that a disabled job was not started', async () => {
    jenkins.disabled.add('/job/team/job/app/job/deploy');
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'REFUSED',
      hint: expect.stringContaining('Enable'),
    });
  });

  it('takes a password with its crumb', async () => {
    const reload = await open({ auth: { method: 'password', user: 'alice' } });
    expect(await reload.run()).toMatchObject({ result: 'SUCCESS' });
    expect(asked()[0]).toBe('GET /crumbIssuer/api/json');
  });

  it('stops waiting when it is asked to', async () => {
    const stop = new AbortController();
    const reload = await open();
    const { sleep } = reload.clock;
    Object.assign(reload.clock, {
      sleep: (ms: number, signal?: AbortSignal) => {
        stop.abort();
        return sleep(ms, signal);
      },
    });
    await expect(reload.run(stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(jenkins.effects()).toBe(1);
  });

  it.each([
    ['a job with an empty name in its path', { job: 'team//deploy' }, /full name/],
    ['plain http to another machine', { address: 'http://ci.example.com' }, /must be https/],
  ])('refuses %s', async (_what, options, message) => {
    const usual = {
      address: 'https://ci.example.com',
      auth: { method: 'api-token', user: 'a', token: 'env:T' },
      job: 'j',
    };
    expect((await problemsOf(plugin, { ...usual, ...options })).join('\n')).toMatch(message);
  });
});
