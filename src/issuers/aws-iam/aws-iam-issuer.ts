import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer } from '../../core/plugins/issuer.ts';
import { userNameOf } from '../../lib/aws/arn.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import { type CallerIdentity, callerIdentity } from '../../lib/aws/caller-identity.ts';
import { awsClientConfig } from '../../lib/aws/client-config.ts';
import { signingPair, validateAccessKey } from './access-key.ts';
import { openIamApi } from './iam-api.ts';
import type { IamOptions } from './options.ts';
import { preflightIam } from './preflight.ts';

/** IAM tells a change to the whole world in seconds, but not everywhere at once: see notes.md. */
const PROPAGATION = { confirmations: 3, intervalMs: 2_000, deadlineMs: 120_000 };

export async function openIamIssuer(options: IamOptions, ctx: OpenContext): Promise<Issuer> {
  const api = await openIamApi(awsClientConfig(options, 'iam', ctx), ctx);
  const stsConfig = awsClientConfig(options, 'sts', ctx);
  const { name: subject, timeoutMs } = ctx;

  /** Who keyturn acts as. */
  const self = (signal: AbortSignal): Promise<CallerIdentity> =>
    callerIdentity({ ...stsConfig, credentials: () => api.credentials() }, { subject, timeoutMs, signal });

  const userName = async (signal: AbortSignal): Promise<string> => {
    if (options.userName !== undefined) return options.userName;
    const { arn } = await self(signal);
    const name = userNameOf(arn);
    if (name !== undefined) return name;
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: `keyturn acts as ${arn}, which is no IAM user`,
      hint: 'Name the user whose key is rotated with `userName`.',
    });
  };

  const signingKeyId = async (signal: AbortSignal): Promise<string> => {
    const call = { subject, timeoutMs, action: 'find credentials', effect: 'read', signal } as const;
    return (await awsCall(call, () => api.credentials())).accessKeyId;
  };

  /** A key can switch itself off; nobody is left then who could switch it on again or delete it. */
  const refuseOwnKey = async (id: string, deed: string, signal: AbortSignal): Promise<void> => {
    if ((await signingKeyId(signal)) !== id) return;
    throw new RotationError('REFUSED', {
      subject,
      action: `${deed} ${id}`,
      reason: 'keyturn itself signs with this key',
      hint: 'Give keyturn the new key, or credentials of its own, and run `keyturn resume`.',
    });
  };

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, { signal }) =>
      preflightIam({ api, self, stsConfig, options, ctx, userName, signingKeyId }, oldKey, signal),
    keyIdOf: (key) => key['accessKeyId']?.reveal(),
    validate: (key) => validateAccessKey(key, subject),
    identify: async (key, { signal }) => {
      const pair = signingPair(key, subject);
      const config = { ...stsConfig, credentials: async () => pair };
      const { arn, account, userId } = await callerIdentity(config, { subject, timeoutMs, signal });
      return { id: arn, display: arn, details: { account, userId } };
    },
    listKeys: async ({ signal }) => api.list(await userName(signal), signal),
    // IAM keeps no label on a key: an orphan is found by comparing the list before and after.
    createKey: async (_label, { signal }) => api.create(await userName(signal), signal),
    deactivateKey: async ({ id }, { signal }) => {
      await refuseOwnKey(id, 'switch off', signal);
      await api.setStatus(await userName(signal), id, 'Inactive', signal);
    },
    activateKey: async ({ id }, { signal }) => api.setStatus(await userName(signal), id, 'Active', signal),
    deleteKey: async ({ id }, { signal }) => {
      await refuseOwnKey(id, 'delete', signal);
      await api.remove(await userName(signal), id, signal);
    },
    lastUsed: ({ id }, { signal }) => api.lastUsed(id, signal),
    close: async () => api.close(),
  };
}
