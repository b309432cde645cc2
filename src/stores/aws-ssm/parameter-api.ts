import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import type { AwsClientConfig, AwsCredentials } from '../../lib/aws/client-config.ts';
import { listIn } from '../../lib/aws/list-in.ts';
import { makeClient } from '../../lib/aws/make-client.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';

/** One version, decrypted. */
export interface ParameterVersion {
  readonly version: number;
  readonly text: string;
  readonly updatedAt: string | undefined;
}

/** What a parameter is beside its value. All of it is sent with each new version: what is left out, AWS may reset. */
export interface ParameterSettings {
  readonly type: string;
  readonly keyId: string | undefined;
  readonly tier: string;
  readonly dataType: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  /** As PutParameter takes them: JSON of a list; undefined when there are none. */
  readonly policies: string | undefined;
}

export interface ParameterDescription extends ParameterSettings {
  readonly arn: string;
  readonly newest: number;
}

export interface VersionLabels {
  readonly version: number;
  readonly labels: readonly string[];
}

/** One attempt each. */
export interface ParameterApi {
  region(): Promise<string>;
  /** The very credentials the calls are signed with, for asking STS whose they are. */
  credentials(): Promise<AwsCredentials>;
  /** `name`, `name:3` or `name:label`; undefined when there is none. */
  read(selector: string, signal: AbortSignal): Promise<ParameterVersion | undefined>;
  describe(name: string, signal: AbortSignal): Promise<ParameterDescription | undefined>;
  /** Versions that are kept, with their labels. */
  history(name: string, signal: AbortSignal): Promise<readonly VersionLabels[]>;
  /** Makes the next version, live at once. @throws RotationError INDETERMINATE when the answer was lost */
  put(name: string, text: string, settings: ParameterSettings, signal: AbortSignal): Promise<number>;
  /** Moves a label to a version. @throws RotationError INDETERMINATE when the answer was lost */
  moveLabel(name: string, label: string, to: number, signal: AbortSignal): Promise<readonly string[]>;
  close(): void;
}

/** Error names of this service, where the status (always 400) does not tell. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ParameterNotFound: 'NOT_FOUND',
  ParameterVersionNotFound: 'NOT_FOUND',
  ParameterMaxVersionLimitExceeded: 'LIMIT_REACHED',
  ParameterVersionLabelLimitExceeded: 'LIMIT_REACHED',
  PoliciesLimitExceededException: 'LIMIT_REACHED',
  // Somebody is at it: nothing was done.
  TooManyUpdates: 'UNAVAILABLE',
};

export async function openParameterApi(
  config: AwsClientConfig,
  settings: { readonly name: string; readonly timeoutMs: number },
): Promise<ParameterApi> {
  const sdk = await import('@aws-sdk/client-ssm');
  const client = makeClient(() => new sdk.SSMClient(config));

  const call = (id: string, action: string, signal: AbortSignal, effect: 'read' | 'write' = 'read') => ({
    subject: `${settings.name}/${id}`,
    timeoutMs: settings.timeoutMs,
    action,
    effect,
    signal,
    codes: CODES,
  });

  return {
    region: () => client.config.region(),
    credentials: () => client.config.credentials(),
    read: async (selector, signal) => {
      const command = new sdk.GetParameterCommand({ Name: selector, WithDecryption: true });
      const about = call(selector, 'read the parameter (ssm:GetParameter)', signal);
      const found = await unlessMissing(() => awsCall(about, (options) => client.send(command, options)));
      const { Version: version, Value: text, LastModifiedDate: at } = found?.Parameter ?? {};
      if (version === undefined || text === undefined) return undefined;
      return { version, text, updatedAt: at?.toISOString() };
    },
    describe: async (name, signal) => {
      const about = call(name, 'describe the parameter (ssm:DescribeParameters)', signal);
      const filter = { Key: 'Name', Option: 'Equals', Values: [name] };
      // A page may be empty and not the last.
      for (let page: string | undefined; ; ) {
        const command = new sdk.DescribeParametersCommand({ ParameterFilters: [filter], NextToken: page });
        const answer = await awsCall(about, (options) => client.send(command, options));
        const found = listIn(answer.Parameters).find((parameter) => parameter.Name === name);
        if (found !== undefined) return descriptionOf(found);
        page = answer.NextToken;
        if (page === undefined) return undefined;
      }
    },
    history: async (name, signal) => {
      const about = call(name, 'look at its versions (ssm:GetParameterHistory)', signal);
      const versions: VersionLabels[] = [];
      for (let page: string | undefined; ; ) {
        const command = new sdk.GetParameterHistoryCommand({ Name: name, MaxResults: 50, NextToken: page });
        const answer = await awsCall(about, (options) => client.send(command, options));
        for (const { Version: version = 0, Labels: labels = [] } of listIn(answer.Parameters))
          versions.push({ version, labels });
        page = answer.NextToken;
        if (page === undefined) return versions;
      }
    },
    put: async (
      name,
      text,
      { type, keyId, tier, dataType, description, allowedPattern, policies },
      signal,
    ) => {
      const command = new sdk.PutParameterCommand({
        Name: name,
        Value: text,
        Overwrite: true,
        Type: type as 'SecureString',
        KeyId: keyId,
        Tier: tier as 'Standard',
        DataType: dataType,
        Description: description,
        AllowedPattern: allowedPattern,
        Policies: policies,
      });
      const about = call(name, 'write the parameter (ssm:PutParameter)', signal, 'write');
      const { Version: version } = await awsCall(about, (options) => client.send(command, options));
      if (version !== undefined) return version;
      const { subject, action } = about;
      throw new RotationError('INDETERMINATE', { subject, action, reason: 'the answer names no version' });
    },
    moveLabel: async (name, label, to, signal) => {
      const command = new sdk.LabelParameterVersionCommand({
        Name: name,
        Labels: [label],
        ParameterVersion: to,
      });
      const about = call(name, 'move the label (ssm:LabelParameterVersion)', signal, 'write');
      const answer = await awsCall(about, (options) => client.send(command, options));
      return listIn(answer.InvalidLabels);
    },
    close: () => client.destroy(),
  };
}

interface Described {
  readonly ARN?: string | undefined;
  readonly Type?: string | undefined;
  readonly KeyId?: string | undefined;
  readonly Tier?: string | undefined;
  readonly DataType?: string | undefined;
  readonly Description?: string | undefined;
  readonly AllowedPattern?: string | undefined;
  readonly Version?: number | undefined;
  readonly Policies?: readonly { readonly PolicyText?: string | undefined }[] | undefined;
}

function descriptionOf(found: Described): ParameterDescription {
  const policies = listIn(found.Policies).map(({ PolicyText: text = '{}' }) => text);
  return {
    arn: found.ARN ?? '',
    newest: found.Version ?? 0,
    type: found.Type ?? '',
    keyId: found.KeyId,
    tier: found.Tier ?? 'Standard',
    dataType: found.DataType,
    description: found.Description,
    allowedPattern: found.AllowedPattern,
    policies: policies.length === 0 ? undefined : `[${policies.join(',')}]`,
  };
}
