import { quoted } from '../../lib/quoted.ts';

/** What ECS tells of a deployment, as far as it matters. */
export interface Deployment {
  readonly id: string;
  /** PRIMARY is the newest one; ACTIVE ones still have tasks. */
  readonly status: string;
  /** IN_PROGRESS, COMPLETED or FAILED; ECS tells none for a service behind a Classic Load Balancer. */
  readonly rollout: string | undefined;
  readonly reason: string | undefined;
  readonly desired: number;
  readonly running: number;
  readonly taskDefinition: string;
}

export type Progress =
  | { readonly state: 'done'; readonly deployment: Deployment }
  | { readonly state: 'failed' | 'going'; readonly summary: string };

/**
 * How far a deployment of ours is. One that somebody started later stands for ours, since its tasks start later too;
 * one that puts an older deployment back does not.
 *
 * @param earlier ids of the deployments there were before ours: a look may lag behind
 * @param events what the service says happened: a rollback may be over between two looks
 */
export function progressOf(
  deployments: readonly Deployment[],
  ours: string,
  earlier: ReadonlySet<string>,
  events: readonly string[] = [],
): Progress {
  const own = deployments.find(({ id }) => id === ours);
  if (own?.rollout === 'FAILED') return { state: 'failed', summary: `it failed${because(own)}` };
  const failure = events.find((event) => event.includes(ours) && /\bfailed\b|\broll/i.test(event));
  if (failure !== undefined) return { state: 'failed', summary: quoted(failure) };
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary === undefined || earlier.has(primary.id))
    return { state: 'going', summary: 'it is not seen yet' };
  if (primary.id !== ours && /roll(ing|ed)?[ -]?back/i.test(primary.reason ?? ''))
    return { state: 'failed', summary: `it is rolled back${because(primary)}` };
  if (primary.rollout === 'FAILED') return { state: 'failed', summary: `it failed${because(primary)}` };

  const others = deployments.filter(({ id, running }) => id !== primary.id && running > 0);
  const stable = primary.running === primary.desired && others.length === 0;
  // Without a rollout state: what `aws ecs wait services-stable` waits for.
  const over = primary.rollout === undefined ? deployments.length === 1 : primary.rollout === 'COMPLETED';
  if (over && stable) return { state: 'done', deployment: primary };
  const older = others.reduce((sum, { running }) => sum + running, 0);
  const summary = `${primary.rollout ?? 'no rollout state'}, ${primary.running} of ${primary.desired} new tasks run, ${older} old ones`;
  return { state: 'going', summary };
}

function because({ reason }: Deployment): string {
  return reason === undefined || reason === '' ? '' : ` (${quoted(reason)})`;
}
