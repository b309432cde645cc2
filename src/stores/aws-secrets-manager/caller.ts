import type { OpenContext } from '../../core/plugins/contexts.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import { type CallerIdentity, callerIdentity } from '../../lib/aws/caller-identity.ts';
import { type AwsService, awsClientConfig } from '../../lib/aws/client-config.ts';
import { type Simulation, simulatePolicy } from '../../lib/aws/simulate-policy.ts';
import type { SecretsManagerOptions } from './options.ts';
import type { SecretsApi } from './secrets-api.ts';

export interface Caller {
  /** @throws RotationError UNAUTHENTICATED, UNAVAILABLE … */
  identity(signal: AbortSignal): Promise<CallerIdentity & { readonly region: string }>;
  /** What the caller's own policies say of actions on a secret. */
  simulate(actions: readonly string[], secretArn: string, signal: AbortSignal): Promise<Simulation>;
}

/** Who the store acts as: asked with the same credentials and for the same region as the writes. */
export function whoIsCalling(options: SecretsManagerOptions, ctx: OpenContext, api: SecretsApi): Caller {
  /** Set once IAM has refused to simulate: it will refuse for every other slot too. */
  let refused: Simulation | undefined;

  const configFor = async (service: AwsService, signal: AbortSignal) => {
    const call = { subject: ctx.name, timeoutMs: ctx.timeoutMs, action: 'find credentials', signal };
    const region = await awsCall({ ...call, effect: 'read' }, () => api.region());
    return { ...awsClientConfig(options, service, ctx), region, credentials: () => api.credentials() };
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
