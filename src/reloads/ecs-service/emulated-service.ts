import { randomBytes } from 'node:crypto';
import { ACCOUNT } from '../../lib/aws/emulator/identity.ts';
import { type Input, neededText, ServiceError } from '../../lib/aws/emulator/json-protocol.ts';

/** What becomes of a deployment. `stuck` ones go on for ever. */
export type Outcome = 'completes' | 'fails' | 'rolls-back' | 'stuck';

interface EmulatedDeployment {
  readonly id: string;
  status: 'PRIMARY' | 'ACTIVE';
  rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  reason: string;
  running: number;
  readonly outcome: Outcome;
  looksLeft: number;
}

export interface EmulatedEcsService {
  readonly name: string;
  readonly desired: number;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  controller: string;
  deployments: EmulatedDeployment[];
  /** Outcomes of the next deployments. */
  readonly next: Outcome[];
  /** Given in place of a new deployment. */
  begun?: EmulatedDeployment;
  /** Looks that show what was before. */
  lag: number;
  readonly events: string[];
}

/** Looks that find a deployment under way: counted, so that nobody has to sleep. */
const LOOKS_UNTIL_DONE = 2;

export function makeService(name: string): EmulatedEcsService {
  const service: EmulatedEcsService = {
    name,
    desired: 2,
    status: 'ACTIVE',
    controller: 'ECS',
    deployments: [],
    next: [],
    lag: 0,
    events: [],
  };
  Object.assign(begin(service), { rollout: 'COMPLETED', running: service.desired, looksLeft: 0 });
  return service;
}

/** UpdateService with forceNewDeployment. @throws ServiceError */
export function update(service: EmulatedEcsService, input: Input): object {
  if (service.status !== 'ACTIVE')
    throw new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (service.controller !== 'ECS')
    throw new ServiceError(
      'InvalidParameterException',
      `Unable to update network parameters, task definition, or force a new deployment on services with a ${service.controller} deployment controller.`,
    );
  if (input['forceNewDeployment'] !== true)
    throw new ServiceError('InvalidParameterException', neededText(input, 'service'));
  if (service.begun === undefined) begin(service);
  return described(service);
}

/** DescribeServices: each look brings the deployments a step further. */
export function look(service: EmulatedEcsService): object {
  if (service.lag > 0) {
    service.lag -= 1;
    const stale = service.deployments.filter(({ status }) => status === 'ACTIVE');
    return described({ ...service, deployments: stale.map((old) => ({ ...old, status: 'PRIMARY' })) });
  }
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (primary !== undefined && primary.rollout === 'IN_PROGRESS' && primary.outcome !== 'stuck') {
    primary.looksLeft -= 1;
    if (primary.looksLeft <= 0) finish(service, primary);
  }
  return described(service);
}

function begin(service: EmulatedEcsService, reason = 'in progress.'): EmulatedDeployment {
  for (const deployment of service.deployments) deployment.status = 'ACTIVE';
  const id = `ecs-svc/${randomBytes(8).readBigUInt64BE()}`;
  const deployment: EmulatedDeployment = {
    id,
    status: 'PRIMARY',
    rollout: 'IN_PROGRESS',
    reason: `ECS deployment ${id} ${reason}`,
    running: 0,
    outcome: service.next.shift() ?? 'completes',
    looksLeft: LOOKS_UNTIL_DONE,
  };
  service.deployments.unshift(deployment);
  return deployment;
}

function finish(service: EmulatedEcsService, primary: EmulatedDeployment): void {
  if (primary.outcome === 'completes') {
    Object.assign(primary, { rollout: 'COMPLETED', running: service.desired });
    primary.reason = `ECS deployment ${primary.id} completed.`;
    service.deployments = [primary];
    return;
  }
  primary.rollout = 'FAILED';
  primary.reason = 'ECS deployment circuit breaker: tasks failed to start.';
  service.events.unshift(
    `(service ${service.name}) (deployment ${primary.id}) deployment failed: tasks failed to start.`,
  );
  if (primary.outcome === 'fails') return;
  const old = service.deployments.filter(({ id }) => id !== primary.id);
  begin(service).reason = `ECS deployment circuit breaker: rolling back to deploymentId ${old[0]?.id}.`;
}

function described({ name, status, controller, desired, deployments, events }: EmulatedEcsService): object {
  return {
    serviceName: name,
    serviceArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:service/${name}`,
    status,
    desiredCount: desired,
    deploymentController: { type: controller },
    events: events.map((message) => ({ id: message, message })),
    deployments: deployments.map((deployment) => ({
      id: deployment.id,
      status: deployment.status,
      taskDefinition: `arn:aws:ecs:us-east-1:${ACCOUNT}:task-definition/${name}:7`,
      desiredCount: deployment.status === 'PRIMARY' ? desired : 0,
      runningCount: deployment.running,
      rolloutState: deployment.rollout,
      rolloutStateReason: deployment.reason,
    })),
  };
}
