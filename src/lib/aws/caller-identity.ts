import { RotationError } from '../../core/errors/rotation-error.ts';
import { awsCall } from './aws-call.ts';
import type { AwsCall } from './aws-error.ts';
import type { AwsClientConfig } from './client-config.ts';
import { makeClient } from './make-client.ts';

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  /** Stable, even when the user is renamed. */
  readonly userId: string;
}

/** Who the credentials of `config` act as. STS answers this without any permission. @throws RotationError UNAUTHENTICATED … */
export async function callerIdentity(
  config: AwsClientConfig,
  call: Pick<AwsCall, 'subject' | 'timeoutMs' | 'signal'>,
): Promise<CallerIdentity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = makeClient(() => new STSClient(config));
  const about: AwsCall = { ...call, action: 'ask who the credential belongs to', effect: 'read' };
  try {
    const { Account, Arn, UserId } = await awsCall(about, (options) =>
      client.send(new GetCallerIdentityCommand(), options),
    );
    if (Account === undefined || Arn === undefined || UserId === undefined) {
      throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer of STS names nobody' });
    }
    return { account: Account, arn: Arn, userId: UserId };
  } finally {
    client.destroy();
  }
}
