import type { Service } from '../../lib/docker/service.ts';
import { quoted } from '../../lib/quoted.ts';

/** A task as `GET /tasks` gives it. */
export interface Task {
  readonly Spec?: { readonly ForceUpdate?: number };
  readonly Status?: { readonly State?: string; readonly Err?: string };
}

/** `failed`: no wait will help. */
export interface UpdateState {
  readonly state: 'updating' | 'up' | 'failed';
  /** What is seen, in a few words. */
  readonly seen: string;
}

const FAILED = new Set(['paused', 'rollback_started', 'rollback_paused', 'rollback_completed']);

/**
 * What became of the update that counted `ForceUpdate` up to `wanted`. The swarm says `completed`, and says nothing at
 * all where it had no task to replace; either way the tasks that should run have to.
 * @param tasks those whose desired state is `running`, or `ready`: the next to run
 */
export function updateState(
  { update, spec }: Pick<Service, 'update' | 'spec'>,
  tasks: readonly Task[],
  wanted: number,
): UpdateState {
  const { State: state, Message: message } = update ?? {};
  const words = typeof message === 'string' && message !== '' ? `: ${quoted(message)}` : '';
  if (state !== undefined && FAILED.has(state)) return { state: 'failed', seen: `${state}${words}` };
  // Whoever rolled it back by hand leaves no such state.
  if ((spec.TaskTemplate?.ForceUpdate ?? 0) < wanted)
    return { state: 'failed', seen: 'it was given its old spec again' };
  if (state === 'updating')
    return { state, seen: `${newOf(tasks, wanted).length} of ${tasks.length} tasks are new` };
  const running = newOf(tasks, wanted).filter(({ Status }) => Status?.State === 'running');
  const few = running.length < tasks.length || tasks.length < replicasOf(spec);
  const seen = `${running.length} of ${Math.max(tasks.length, replicasOf(spec))} new tasks run`;
  return few ? { state: 'updating', seen } : { state: 'up', seen };
}

/** Of a global service the swarm alone knows how many there should be. */
function replicasOf({ Mode }: Service['spec']): number {
  const { Replicas } = (Mode?.['Replicated'] ?? {}) as { Replicas?: unknown };
  return typeof Replicas === 'number' ? Replicas : 0;
}

function newOf(tasks: readonly Task[], wanted: number): readonly Task[] {
  return tasks.filter(({ Spec }) => (Spec?.ForceUpdate ?? 0) >= wanted);
}
