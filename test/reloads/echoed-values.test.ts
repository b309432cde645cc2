import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { CircleciClient } from '../../src/lib/circleci/circleci-client.ts';
import type { JenkinsClient } from '../../src/lib/jenkins/jenkins-client.ts';
import { startCircleciPipelineEmulator } from '../../src/reloads/circleci-pipeline/emulator.ts';
import { plugin as circleciPipeline } from '../../src/reloads/circleci-pipeline/index.ts';
import { createPipelineApi } from '../../src/reloads/circleci-pipeline/pipeline-api.ts';
import { plugin as command } from '../../src/reloads/command/index.ts';
import { updateState } from '../../src/reloads/docker-service/update-state.ts';
import { type Deployment, progressOf } from '../../src/reloads/ecs-service/deployment.ts';
import { startJenkinsJobEmulator } from '../../src/reloads/jenkins-job/emulator.ts';
import { plugin as jenkinsJob } from '../../src/reloads/jenkins-job/index.ts';
import { lookAtBuild } from '../../src/reloads/jenkins-job/look-at-build.ts';
import { rolloutState } from '../../src/reloads/kubernetes-rollout/rollout-state.ts';
import { startSystemdEmulator } from '../../src/reloads/systemd/emulator.ts';
import { plugin as systemd } from '../../src/reloads/systemd/index.ts';
import { failure } from '../support/failure.ts';
import { openReload } from './open-reload.ts';

/** What a service that does not come up says may have the key in it. It is told briefly, and without a part of the key. */

const { signal } = new AbortController();

/** What is told of the service, when the system says these words. */
const RELOADS: readonly [string, (words: string) => string | Promise<string>][] = [
  ['CircleCI, of a config', ofCircleci],
  ['CircleCI, of a commit', ofCommit],
  ['Docker', (Message) => updateState({ update: { State: 'paused', Message }, spec: {} }, [], 1).seen],
  ['ECS, of a deployment', (reason) => ofEcs({ rollout: 'FAILED', reason })],
  [
    'ECS, of an event',
    (words) => ofEcs({ rollout: 'IN_PROGRESS', reason: '' }, `ecs-svc/2 failed: ${words}`),
  ],
  ['Jenkins, of a build', ofJenkins],
  ['Jenkins, of its queue', ofQueue],
  ['Kubernetes', ofKubernetes],
  ['systemd', ofSystemd],
  ['a program that found the value by itself', ofProgram],
];

it.each(RELOADS)('%s: a value that is repeated and cut is not told by half', async (_of, toldOf) => {
  const value = new Secret(randomBytes(200).toString('hex')).reveal();
  const told = await toldOf(`KEY=${value}:unknown`);
  expect(told).not.toContain(value.slice(0, 16));
  expect(told).toContain('KEY=[redacted]:unknown');
});

it.each(RELOADS)('%s: a page of words is cut', async (_of, toldOf) => {
  expect((await toldOf('so_it_is.'.repeat(1_000))).length).toBeLessThan(400);
});

async function ofCircleci(message: string): Promise<string> {
  const emulator = await startCircleciPipelineEmulator();
  try {
    emulator.play([{ state: 'errored', errors: [{ type: 'config', message }], workflows: [] }]);
    const options = emulator.options({ project: 'gh/acme/checkout' });
    const reference = String(options['token']);
    const references = { [reference]: emulator.resolve(reference) ?? '' };
    return (await failure((await openReload(circleciPipeline, options, { references })).run())).message;
  } finally {
    await emulator.stop();
  }
}

async function ofCommit(message: string): Promise<string> {
  const client = { name: 'ci', ask: async () => ({ message }) } as Partial<CircleciClient> as CircleciClient;
  const options = { project: 'gh/acme/checkout', branch: 'main' };
  return (await failure(createPipelineApi(client, options as never).trigger({}, signal))).message;
}

function ofEcs(deployment: Pick<Deployment, 'rollout' | 'reason'>, ...events: string[]): string {
  const ours = { id: 'ecs-svc/2', status: 'PRIMARY', desired: 1, running: 0, taskDefinition: 'checkout:7' };
  const progress = progressOf([{ ...ours, ...deployment }], ours.id, new Set(), events);
  return progress.state === 'done' ? 'done' : progress.summary;
}

async function ofJenkins(result: string): Promise<string> {
  const emulator = await startJenkinsJobEmulator();
  try {
    emulator.next.result = result;
    const options = emulator.options({ job: 'deploy' });
    const auth = Object.values(Object(options['auth'])).map(String);
    const references = Object.fromEntries(auth.map((name) => [name, emulator.resolve(name) ?? '']));
    return (await failure((await openReload(jenkinsJob, options, { references })).run())).message;
  } finally {
    await emulator.stop();
  }
}

async function ofQueue(why: string): Promise<string> {
  const answer = { status: 200, headers: {}, body: JSON.stringify({ why }) };
  const client = { name: 'ci', get: async () => answer } as Partial<JenkinsClient> as JenkinsClient;
  const queued = { queueItem: 1, jobPath: '/job/deploy', jobName: 'deploy' };
  return (await lookAtBuild(client, queued, undefined, signal)).summary;
}

function ofKubernetes(message: string): string {
  const stuck = { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message };
  return rolloutState('deployment', { status: { conditions: [stuck] } }).seen;
}

async function ofSystemd(word: string): Promise<string> {
  const emulator = await startSystemdEmulator();
  try {
    writeFileSync(join(emulator.folder, 'states'), word);
    const options = emulator.options({ units: ['checkout.service'] });
    return (await failure((await openReload(systemd, options)).run())).message;
  } finally {
    await emulator.stop();
  }
}

async function ofProgram(words: string): Promise<string> {
  const script = `process.stderr.write(process.argv[1] + '\\n'); process.exit(3)`;
  const reload = await openReload(command, { command: [process.execPath, '-e', script, words] });
  return (await failure(reload.run())).message;
}
