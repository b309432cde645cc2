import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, jsonOf } from '../../lib/http/answer.ts';
import type { JenkinsClient } from '../../lib/jenkins/jenkins-client.ts';
import { jenkinsError } from '../../lib/jenkins/jenkins-error.ts';
import { quoted } from '../../lib/quoted.ts';
import type { QueuedBuild } from './trigger-build.ts';

/** What one look at a build sees. */
export interface Look {
  /** It is over. */
  readonly settled: boolean;
  /** Undefined while it waits in the queue. */
  readonly build: number | undefined;
  /** `SUCCESS`, `UNSTABLE`, `FAILURE`, `ABORTED` or `NOT_BUILT` once it is over. */
  readonly result: string | undefined;
  /** For people: what it waits for. */
  readonly summary: string;
}

/**
 * One look: at the item in the queue while there is no number, at the build from then on. Addresses that Jenkins names
 * are not followed: they may be another host than ours, and would be given our credentials.
 * @throws RotationError CHECK_FAILED when it was taken out of the queue; what no wait will change
 */
export async function lookAtBuild(
  client: JenkinsClient,
  queued: QueuedBuild,
  known: number | undefined,
  signal: AbortSignal,
): Promise<Look> {
  const build = known ?? (await numberOf(client, queued, signal));
  return typeof build === 'number' ? stateOf(client, queued, build, signal) : build;
}

async function numberOf(
  client: JenkinsClient,
  { queueItem, jobName }: QueuedBuild,
  signal: AbortSignal,
): Promise<number | Look> {
  const path = `/queue/item/${queueItem}/api/json?tree=cancelled,why,executable[number]`;
  const body = await ask(client, path, `find the build of ${jobName} in the queue`, signal);
  const { cancelled, why, executable } = body as {
    cancelled?: unknown;
    why?: unknown;
    executable?: { number?: unknown } | null;
  };
  if (cancelled === true) {
    throw new RotationError('CHECK_FAILED', {
      subject: client.name,
      action: `wait for ${jobName}`,
      reason: `its build was taken out of the queue (item ${queueItem})`,
    });
  }
  if (typeof executable?.number === 'number') return executable.number;
  const summary = `waits in the queue: ${typeof why === 'string' ? quoted(why) : 'no reason told'}`;
  return { settled: false, build: undefined, result: undefined, summary };
}

async function stateOf(
  client: JenkinsClient,
  { jobPath, jobName }: QueuedBuild,
  build: number,
  signal: AbortSignal,
): Promise<Look> {
  const path = `${jobPath}/${build}/api/json?tree=building,result`;
  const body = await ask(client, path, `look at build ${build} of ${jobName}`, signal);
  const { building, result } = body as { building?: unknown; result?: unknown };
  const over = building === false && typeof result === 'string';
  return {
    settled: over,
    build,
    result: over ? quoted(result) : undefined,
    summary: over ? `build ${build}: ${result}` : `build ${build} is running`,
  };
}

async function ask(
  client: JenkinsClient,
  path: string,
  action: string,
  signal: AbortSignal,
): Promise<object> {
  const about: About = { subject: client.name, action, effect: 'read' };
  const answer = await client.get(path, action, signal);
  if (answer.status !== 200) throw jenkinsError(answer, about);
  const body = jsonOf(answer, about);
  return typeof body === 'object' && body !== null ? body : {};
}
