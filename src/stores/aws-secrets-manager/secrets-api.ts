import type { ErrorCode } from '../../core/errors/codes.ts';
import type { Version } from '../../core/plugins/store.ts';
import { awsCall } from '../../lib/aws/aws-call.ts';
import type { AwsClientConfig, AwsCredentials } from '../../lib/aws/client-config.ts';
import { listIn } from '../../lib/aws/list-in.ts';
import { makeClient } from '../../lib/aws/make-client.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import { CURRENT, type Labels } from './labels.ts';

/** What DescribeSecret tells of a secret, as far as it matters. */
export interface SecretDescription {
  readonly arn: string;
  readonly labels: Labels;
  readonly rotationEnabled: boolean;
  readonly owningService: string | undefined;
  readonly deletedAt: string | undefined;
  /** Set on a secret that is replicated: where it may be written. */
  readonly primaryRegion: string | undefined;
}

export interface SecretVersion {
  readonly version: Version;
  /** Undefined for a binary secret. */
  readonly text: string | undefined;
  readonly createdAt: string | undefined;
}

/** One attempt each. Only `goLive` changes what readers of the secret get; the rest may be repeated by anyone. */
export interface SecretsApi {
  region(): Promise<string>;
  /** The very credentials the calls are signed with, for asking STS whose they are. */
  credentials(): Promise<AwsCredentials>;
  describe(id: string, signal: AbortSignal): Promise<SecretDescription | undefined>;
  /** AWSCURRENT, or a version by its id; undefined when there is none. */
  read(id: string, version: Version | undefined, signal: AbortSignal): Promise<SecretVersion | undefined>;
  /** Makes a version that is not live. The same again is nothing; another text for it is CONFLICT. */
  stage(
    id: string,
    staged: { version: Version; text: string; label: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Compare-and-swap of AWSCURRENT. @throws RotationError CONFLICT when `from` does not hold it; INDETERMINATE */
  goLive(id: string, to: Version, from: Version, signal: AbortSignal): Promise<void>;
  attach(id: string, label: string, to: Version, signal: AbortSignal): Promise<void>;
  detach(id: string, label: string, from: Version, signal: AbortSignal): Promise<void>;
  close(): void;
}

interface Settings {
  /** The connection's name in the config. */
  readonly name: string;
  readonly timeoutMs: number;
}

export async function openSecretsApi(config: AwsClientConfig, settings: Settings): Promise<SecretsApi> {
  const sdk = await import('@aws-sdk/client-secrets-manager');
  const client = makeClient(() => new sdk.SecretsManagerClient(config));

  const call = (id: string, action: string, signal: AbortSignal, effect: 'read' | 'write' = 'read') => ({
    subject: `${settings.name}/${id}`,
    timeoutMs: settings.timeoutMs,
    action,
    effect,
    signal,
  });
  const moveLabel = async (
    about: ReturnType<typeof call> & { codes?: Readonly<Record<string, ErrorCode>> },
    id: string,
    move: { label: string; to?: Version; from?: Version },
  ): Promise<void> => {
    const command = new sdk.UpdateSecretVersionStageCommand({
      SecretId: id,
      VersionStage: move.label,
      MoveToVersionId: move.to,
      RemoveFromVersionId: move.from,
    });
    await awsCall(about, (options) => client.send(command, options));
  };

  return {
    region: () => client.config.region(),
    credentials: () => client.config.credentials(),
    describe: (id, signal) =>
      unlessMissing(async () => {
        const command = new sdk.DescribeSecretCommand({ SecretId: id });
        const found = await awsCall(
          call(id, 'describe the secret (secretsmanager:DescribeSecret)', signal),
          (options) => client.send(command, options),
        );
        return {
          arn: found.ARN ?? '',
          labels: new Map(
            Object.entries(found.VersionIdsToStages ?? {}).map(([id, labels]) => [id, [...listIn(labels)]]),
          ),
          rotationEnabled: found.RotationEnabled ?? false,
          owningService: found.OwningService,
          deletedAt: found.DeletedDate?.toISOString(),
          primaryRegion: found.PrimaryRegion,
        };
      }),
    read: (id, version, signal) =>
      unlessMissing(async () => {
        const wanted = version === undefined ? { VersionStage: CURRENT } : { VersionId: version };
        const command = new sdk.GetSecretValueCommand({ SecretId: id, ...wanted });
        const found = await awsCall(
          call(id, 'read the secret (secretsmanager:GetSecretValue)', signal),
          (options) => client.send(command, options),
        );
        return {
          version: found.VersionId ?? '',
          text: found.SecretString,
          createdAt: found.CreatedDate?.toISOString(),
        };
      }),
    stage: async (id, { version, text, label }, signal) => {
      const command = new sdk.PutSecretValueCommand({
        SecretId: id,
        ClientRequestToken: version,
        SecretString: text,
        VersionStages: [label],
      });
      await awsCall(call(id, 'stage the new version (secretsmanager:PutSecretValue)', signal), (options) =>
        client.send(command, options),
      );
    },
    goLive: (id, to, from, signal) => {
      const about = call(
        id,
        'make the version current (secretsmanager:UpdateSecretVersionStage)',
        signal,
        'write',
      );
      // The one thing that can be wrong with these parameters is that AWSCURRENT has moved.
      return moveLabel({ ...about, codes: MOVED_MEANWHILE }, id, { label: CURRENT, to, from });
    },
    attach: (id, label, to, signal) =>
      moveLabel(call(id, `label a version (secretsmanager:UpdateSecretVersionStage)`, signal), id, {
        label,
        to,
      }),
    detach: (id, label, from, signal) =>
      moveLabel(
        call(id, `take a label off a version (secretsmanager:UpdateSecretVersionStage)`, signal),
        id,
        {
          label,
          from,
        },
      ),
    close: () => client.destroy(),
  };
}

const MOVED_MEANWHILE = { InvalidParameterException: 'CONFLICT' } as const;
