import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import { type EcsApi, openEcsApi, type ServiceState } from './ecs-api.ts';
import type { EcsServiceOptions } from './options.ts';
import { waitForDeployment } from './wait-for-deployment.ts';

export function openEcsServiceReload(options: EcsServiceOptions, ctx: OpenContext): Reload {
  const { name: subject, clock, timeoutMs } = ctx;
  const { cluster, service, interval } = options;
  const connect = (): Promise<EcsApi> => openEcsApi(options, forRequests(ctx));
  return {
    run: (_subject, { signal }) =>
      withClient(connect, async (api) => {
        const before = await api.describe(signal);
        assertDeployable(before, subject);
        const earlier = new Set(before.deployments.map(({ id }) => id));
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const ours = await limit.within((within) => api.deploy(within));
        if (earlier.has(ours)) throw notBegun(subject);
        const { deployment, looks } = await waitForDeployment(api, { ours, earlier }, limit, {
          subject,
          interval,
        });
        const { id, running, taskDefinition } = deployment;
        return { cluster, service, deployment: id, taskDefinition, running, looks };
      }),
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
