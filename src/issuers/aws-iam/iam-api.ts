import type { AccessKeyMetadata, StatusType } from '@aws-sdk/client-iam';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { IssuedKey, KeyRecord, Usage } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import type { AwsCall } from '../../lib/aws/aws-error.ts';
import type { AwsClientConfig, AwsCredentials } from '../../lib/aws/client-config.ts';
import { makeClient } from '../../lib/aws/make-client.ts';

/** Access keys of one user. One attempt each. */
export interface IamApi {
  /** The very credentials the calls are signed with. */
  credentials(): Promise<AwsCredentials>;
  list(userName: string, signal: AbortSignal): Promise<readonly KeyRecord[]>;
  create(userName: string, signal: AbortSignal): Promise<IssuedKey>;
  setStatus(userName: string, id: string, status: StatusType, signal: AbortSignal): Promise<void>;
  /** An absent key is success. */
  remove(userName: string, id: string, signal: AbortSignal): Promise<void>;
  lastUsed(id: string, signal: AbortSignal): Promise<Usage>;
  close(): void;
}

interface Settings {
  readonly name: string;
  readonly timeoutMs: number;
}

export async function openIamApi(config: AwsClientConfig, { name, timeoutMs }: Settings): Promise<IamApi> {
  const sdk = await import('@aws-sdk/client-iam');
  const client = makeClient(() => new sdk.IAMClient(config));
  const asking = (action: string, signal: AbortSignal): AwsCall => ({
    subject: name,
    timeoutMs,
    action,
    effect: 'read',
    signal,
  });
  const changing = (action: string, signal: AbortSignal): AwsCall => ({
    ...asking(action, signal),
    effect: 'write',
  });

  const listPage = async (userName: string, marker: string | undefined, signal: AbortSignal) => {
    const call = asking(`list the keys of ${userName} (iam:ListAccessKeys)`, signal);
    const { AccessKeyMetadata, IsTruncated, Marker } = await awsCall(call, (options) =>
      client.send(new sdk.ListAccessKeysCommand({ UserName: userName, Marker: marker }), options),
    );
    const records = AccessKeyMetadata?.map(recordOf);
    // No list is not an empty one, and half of it is not all: a key that is not seen would be made once more.
    const whole =
      records?.every(({ id }) => id !== '') === true && (IsTruncated !== true || Marker !== undefined);
    if (!whole) throw new RotationError('UNAVAILABLE', { ...call, reason: 'the answer is no list of keys' });
    return { records, next: IsTruncated === true ? Marker : undefined };
  };

  return {
    credentials: () => client.config.credentials(),
    list: async (userName, signal) => {
      const records: KeyRecord[] = [];
      let marker: string | undefined;
      do {
        const page = await listPage(userName, marker, signal);
        records.push(...page.records);
        marker = page.next;
      } while (marker !== undefined);
      return records;
    },
    create: async (userName, signal) => {
      const call = changing(`make a key for ${userName} (iam:CreateAccessKey)`, signal);
      const { AccessKey: made } = await awsCall(call, (options) =>
        client.send(new sdk.CreateAccessKeyCommand({ UserName: userName }), options),
      );
      if (!made?.AccessKeyId || !made.SecretAccessKey) {
        throw new RotationError('INDETERMINATE', { ...call, reason: 'the answer has no key in it' });
      }
      const credential = {
        accessKeyId: new Secret(made.AccessKeyId),
        secretAccessKey: new Secret(made.SecretAccessKey),
      };
      return { id: made.AccessKeyId, credential };
    },
    setStatus: async (userName, id, status, signal) => {
      const command = new sdk.UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: id, Status: status });
      const call = changing(`set ${id} of ${userName} to ${status} (iam:UpdateAccessKey)`, signal);
      await awsCall(call, (options) => client.send(command, options));
    },
    remove: async (userName, id, signal) => {
      const command = new sdk.DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: id });
      const call = changing(`delete ${id} of ${userName} (iam:DeleteAccessKey)`, signal);
      try {
        await awsCall(call, (options) => client.send(command, options));
      } catch (error) {
        if (!isRotationError(error, 'NOT_FOUND')) throw error;
      }
    },
    lastUsed: async (id, signal) => {
      const command = new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: id });
      const call = asking(`see when ${id} was last used (iam:GetAccessKeyLastUsed)`, signal);
      const { AccessKeyLastUsed: used } = await awsCall(call, (options) => client.send(command, options));
      if (used === undefined) {
        throw new RotationError('UNAVAILABLE', { ...call, reason: 'the answer tells nothing' });
      }
      const lastUsedAt = used.LastUsedDate?.toISOString();
      if (lastUsedAt === undefined) return { lastUsedAt };
      return { lastUsedAt, details: { service: used.ServiceName, region: used.Region } };
    },
    close: () => client.destroy(),
  };
}

/** `Expired`, the third status, is as dead as `Inactive`. */
function recordOf(key: AccessKeyMetadata): KeyRecord {
  return {
    id: key.AccessKeyId ?? '',
    status: key.Status === 'Active' ? 'active' : 'inactive',
    ...(key.CreateDate === undefined ? {} : { createdAt: key.CreateDate.toISOString() }),
  };
}
