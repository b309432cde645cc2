import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { type Progress, progressOf } from './deployment.ts';
import { type EcsApi, openEcsApi, type ServiceState } from './ecs-api.ts';
import type { EcsServiceOptions } from './options.ts';

export async function openEcsServiceReload(options: EcsServiceOptions, ctx: OpenContext): Promise<Reload> {
  const api = await openEcsApi(options, ctx);
  const { cluster, service } = options;
  return {
    run: async (_subject, { signal }) => {
      const before = await api.describe(signal);
      assertDeployable(before, ctx.name);
      const ours = await api.deploy(signal);
      const earlier = new Set(before.deployments.map(({ id }) => id));
      if (earlier.has(ours)) throw notBegun(ctx.name);
      const pace = { clock: ctx.clock, signal, subject: ctx.name };
      const { reply, attempts } = await keepAsking(options, pace, () => look(api, { ours, earlier }, signal));
      const { progress } = reply;
      if (progress.state !== 'done') throw notDone(progress, ctx.name, attempts);
      const { id, running, taskDefinition } = progress.deployment;
      return { cluster, service, deployment: id, taskDefinition, running, attempts };
    },
  };
}

/** The tasks of a deployment that was there before may have read the old key: its success is none of ours. */
function notBegun(subject: string): RotationError {
  return new RotationError('INDETERMINATE', {
    subject,
    action: 'force a new deployment',
    reason: 'the answer names a deployment that was there before',
  });
}

/** @throws RotationError REFUSED */
function assertDeployable({ status, controller }: ServiceState, subject: string): void {
  if (status !== 'ACTIVE') {
    const reason = `the service is ${status}: it runs no tasks any more`;
    throw new RotationError('REFUSED', { subject, action: 'force a new deployment', reason });
  }
  if (controller === 'ECS') return;
  throw new RotationError('REFUSED', {
    subject,
    action: 'force a new deployment',
    reason: `its deployments are made by ${controller}, not by ECS`,
    hint: 'Start them there: with a reload of the type `command` or `http`.',
  });
}

async function look(
  api: EcsApi,
  { ours, earlier }: { readonly ours: string; readonly earlier: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<{ settled: boolean; progress: Progress; retryAfter?: number | undefined }> {
  try {
    const { deployments, events } = await api.describe(signal);
    const progress = progressOf(deployments, ours, earlier, events);
    return { settled: progress.state !== 'going', progress };
  } catch (error) {
    // The deployment goes on while nobody can look.
    if (!isRotationError(error) || !error.retryable) throw error;
    const progress = { state: 'going', summary: error.context.reason ?? error.message } as const;
    return { settled: false, progress, retryAfter: error.context.retryAfter };
  }
}

function notDone(
  { state, summary }: Exclude<Progress, { state: 'done' }>,
  subject: string,
  attempts: number,
): RotationError {
  const failed = state === 'failed';
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the new deployment',
    reason: failed ? summary : `it is not done after ${attempts} looks: ${summary}`,
    hint: failed
      ? 'Look at the stopped tasks and the events of the service: with the new key they may not start.'
      : 'Look at the events of the service. If it only needs longer, raise `attempts` or `interval`.',
  });
}
