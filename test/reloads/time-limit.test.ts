import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Fault, ReloadEmulator } from '../../src/core/plugins/emulator.ts';
import { startCircleciPipelineEmulator, statuses } from '../../src/reloads/circleci-pipeline/emulator.ts';
import { startDockerServiceEmulator } from '../../src/reloads/docker-service/emulator.ts';
import { startEcsServiceEmulator } from '../../src/reloads/ecs-service/emulator.ts';
import { startGithubWorkflowEmulator } from '../../src/reloads/github-workflow/emulator.ts';
import { startGitlabPipelineEmulator } from '../../src/reloads/gitlab-pipeline/emulator.ts';
import { startHttpReloadEmulator } from '../../src/reloads/http/emulator.ts';
import { startJenkinsJobEmulator } from '../../src/reloads/jenkins-job/emulator.ts';
import { startKubernetesRolloutEmulator } from '../../src/reloads/kubernetes-rollout/emulator.ts';
import { startSystemdEmulator } from '../../src/reloads/systemd/emulator.ts';
import { failure } from '../support/failure.ts';
import { openReload } from './open-reload.ts';

interface Stuck {
  readonly emulator: ReloadEmulator;
  readonly options: JsonObject;
  /** What the last look sees. */
  readonly seen: RegExp;
}

const AWAY: Fault = { on: 'read', kind: 'status', status: 503, times: 100 };

/** Services that take up what they are told to, and never come up. A program has no looks: its end is all there is. */
const STUCK: Readonly<Record<string, () => Promise<Stuck>>> = {
  'circleci-pipeline': async () => {
    const emulator = await startCircleciPipelineEmulator();
    emulator.play([{ state: 'created', workflows: statuses({ deploy: 'on_hold' }) }]);
    return { emulator, options: emulator.options(), seen: /workflow deploy is on_hold/ };
  },
  'docker-service': async () => {
    const emulator = await startDockerServiceEmulator();
    emulator.engine.swarm.looksUntilUp = 100;
    return { emulator, options: emulator.options(), seen: /1 of 2 tasks are new/ };
  },
  'ecs-service': async () => {
    const emulator = await startEcsServiceEmulator();
    const options = emulator.options();
    emulator.service('checkout').next.push('stuck');
    return { emulator, options, seen: /0 of 2 new tasks run/ };
  },
  'github-workflow': async () => {
    const emulator = await startGithubWorkflowEmulator();
    emulator.plan({ looks: 100 });
    return { emulator, options: emulator.options(), seen: /runs\/30433642 is in_progress/ };
  },
  'gitlab-pipeline': async () => {
    const emulator = await startGitlabPipelineEmulator();
    emulator.plan({ looks: 100 });
    return { emulator, options: emulator.options(), seen: /it is running/ };
  },
  http: async () => {
    const emulator = await startHttpReloadEmulator();
    const waitFor = { url: 'https://platform.example/state', interval: '10s' };
    const options = emulator.options({ url: 'https://platform.example/restart', waitFor });
    emulator.inject?.(AWAY);
    return { emulator, options, seen: /503/ };
  },
  'jenkins-job': async () => {
    const emulator = await startJenkinsJobEmulator();
    emulator.next.looksRunning = 100;
    return { emulator, options: emulator.options(), seen: /build 41 is running/ };
  },
  'kubernetes-rollout': async () => {
    const emulator = await startKubernetesRolloutEmulator();
    emulator.cluster.rollouts.fate = 'never';
    return { emulator, options: emulator.options(), seen: /1 of 2 pods are new/ };
  },
  systemd: async () => {
    const emulator = await startSystemdEmulator();
    writeFileSync(join(emulator.folder, 'states'), 'activating\n'.repeat(100));
    return { emulator, options: emulator.options(), seen: /checkout.service is activating/ };
  },
};

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCPSocket')).length;

it('is kept by every reload that waits', () => {
  expect(Object.keys(STUCK).sort()).toEqual(
    Object.keys(reloads)
      .filter((id) => id !== 'command')
      .sort(),
  );
});

it.each(Object.entries(STUCK))(
  'of %s is `timeout`; then it tells what it saw, and lets go of its connections',
  async (id, start) => {
    const load = reloads[id];
    if (load === undefined) throw new Error(`no reload ${id}`);
    await expect.poll(sockets).toBe(0);
    const { emulator, options, seen } = await start();
    try {
      const references = Object.fromEntries(
        (JSON.stringify(options).match(/\b(env|file):[\w./-]+/g) ?? []).map((reference) => [
          reference,
          emulator.resolve(reference) ?? '',
        ]),
      );
      const often = id === 'http' ? options : { ...options, interval: '10s' };
      const reload = await openReload(await load(), often, { timeoutMs: 60_000, references });
      const error = await failure(reload.run());
      expect(error).toMatchObject({ code: 'CHECK_FAILED', hint: expect.stringContaining('raise `timeout`') });
      expect(error.message).toMatch(/not done within 1m: /);
      expect(error.message).toMatch(seen);
      expect(reload.clock.sleeps).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 5000]);
      await expect.poll(sockets).toBe(0);
    } finally {
      await emulator.stop();
    }
  },
);
