import type { Deployment as SdkDeployment } from '@aws-sdk/client-ecs';
import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import { awsClientConfig } from '../../lib/aws/client-config.ts';
import { listIn } from '../../lib/aws/list-in.ts';
import { makeClient } from '../../lib/aws/make-client.ts';
import type { Deployment } from './deployment.ts';
import type { EcsServiceOptions } from './options.ts';

export interface ServiceState {
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  /** Who deploys it: ECS itself, CODE_DEPLOY or EXTERNAL. */
  readonly controller: string;
  readonly deployments: readonly Deployment[];
  /** What happened to it, the newest first. */
  readonly events: readonly string[];
}

/** One attempt each. */
export interface EcsApi {
  /** @throws RotationError NOT_FOUND */
  describe(signal: AbortSignal): Promise<ServiceState>;
  /** Starts all tasks anew; the id of the deployment. @throws RotationError INDETERMINATE when the answer was lost */
  deploy(signal: AbortSignal): Promise<string>;
  close(): void;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ClusterNotFoundException: 'NOT_FOUND',
  ServiceNotFoundException: 'NOT_FOUND',
};

export async function openEcsApi(options: EcsServiceOptions, ctx: OpenContext): Promise<EcsApi> {
  const sdk = await import('@aws-sdk/client-ecs');
  const { cluster, service } = options;
  const client = makeClient(() => new sdk.ECSClient(awsClientConfig(options, 'ecs', ctx)));
  const call = (action: string, signal: AbortSignal, effect: 'read' | 'write') => ({
    subject: ctx.name,
    timeoutMs: ctx.timeoutMs,
    action,
    effect,
    signal,
    codes: CODES,
  });

  return {
    describe: async (signal) => {
      const command = new sdk.DescribeServicesCommand({ cluster, services: [service] });
      const about = call('look at the service (ecs:DescribeServices)', signal, 'read');
      const answer = await awsCall(about, (sent) => client.send(command, sent));
      const [found] = listIn(answer.services);
      if (found === undefined) {
        const why = listIn(answer.failures)[0]?.reason ?? 'not found';
        const reason = `no service ${service} in the cluster ${cluster} (${why})`;
        throw new RotationError('NOT_FOUND', { subject: ctx.name, action: about.action, reason });
      }
      return {
        status: found.status ?? '',
        controller: found.deploymentController?.type ?? 'ECS',
        deployments: listIn(found.deployments).map(deploymentOf),
        events: listIn(found.events).map(({ message }) => message ?? ''),
      };
    },
    deploy: async (signal) => {
      const command = new sdk.UpdateServiceCommand({ cluster, service, forceNewDeployment: true });
      const about = call('force a new deployment (ecs:UpdateService)', signal, 'write');
      const answer = await awsCall(about, (sent) => client.send(command, sent));
      const made = listIn(answer.service?.deployments).find(({ status }) => status === 'PRIMARY')?.id;
      if (made !== undefined) return made;
      const reason = 'the answer names no new deployment';
      throw new RotationError('INDETERMINATE', { subject: ctx.name, action: about.action, reason });
    },
    close: () => client.destroy(),
  };
}

function deploymentOf(found: SdkDeployment): Deployment {
  return {
    id: found.id ?? '',
    status: found.status ?? '',
    rollout: found.rolloutState,
    reason: found.rolloutStateReason,
    desired: found.desiredCount ?? 0,
    running: found.runningCount ?? 0,
    taskDefinition: found.taskDefinition ?? '',
  };
}
