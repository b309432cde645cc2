import type { OpenContext } from '../../core/plugins/contexts.ts';
import { awsCall } from './aws-call.ts';
import { type CallerIdentity, callerIdentity } from './caller-identity.ts';
import {
  type AwsConnection,
  type AwsCredentials,
  type AwsService,
  awsClientConfig,
} from './client-config.ts';
import { type Simulation, simulatePolicy } from './simulate-policy.ts';

export interface Caller {
  /** @throws RotationError UNAUTHENTICATED, UNAVAILABLE … */
  identity(signal: AbortSignal): Promise<CallerIdentity & { readonly region: string }>;
  /** What the caller's own policies say of actions on a resource. */
  simulate(actions: readonly string[], resourceArn: string, signal: AbortSignal): Promise<Simulation>;
}

/** What the client of the store's own service has found out, for the services asked beside it. */
export interface Signer {
  region(): Promise<string>;
  credentials(): Promise<AwsCredentials>;
}

/** Who a connection acts as: asked with the same credentials and for the same region as its writes. */
export function whoIsCalling(connection: AwsConnection, ctx: OpenContext, signer: Signer): Caller {
  /** Set once IAM has refused to simulate: it will refuse for every other slot too. */
  let refused: Simulation | undefined;

  const configFor = async (service: AwsService, signal: AbortSignal) => {
    const call = { subject: ctx.name, timeoutMs: ctx.timeoutMs, action: 'find credentials', signal };
    const region = await awsCall({ ...call, effect: 'read' }, () => signer.region());
    return { ...awsClientConfig(connection, service, ctx), region, credentials: () => signer.credentials() };
  };
  const about = (signal: AbortSignal) => ({ subject: ctx.name, timeoutMs: ctx.timeoutMs, signal });
  const identity: Caller['identity'] = async (signal) => {
    const config = await configFor('sts', signal);
    return { ...(await callerIdentity(config, about(signal))), region: config.region };
  };

  return {
    identity,
    simulate: async (actions, resource, signal) => {
      if (refused !== undefined) return refused;
      const callerArn = (await identity(signal)).arn;
      const config = await configFor('iam', signal);
      const verdict = await simulatePolicy(config, { callerArn, actions, resource }, about(signal));
      if (!verdict.known) refused = verdict;
      return verdict;
    },
  };
}
