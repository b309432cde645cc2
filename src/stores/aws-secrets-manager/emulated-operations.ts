import {
  type Input,
  neededText as needed,
  ServiceError,
  textOf as text,
} from '../../lib/aws/emulator/json-protocol.ts';
import {
  type EmulatedSecret,
  type EmulatedVersion,
  holder,
  makeSecret,
  moveLabel,
  putVersion,
} from './emulated-secret.ts';
import { CURRENT } from './labels.ts';

export type Secrets = Map<string, EmulatedSecret>;

/** The operations of the JSON protocol, by the name in `X-Amz-Target`. */
const OPERATIONS: Readonly<Record<string, (secrets: Secrets, input: Input) => object>> = {
  CreateSecret: (secrets, input) => {
    const name = needed(input, 'Name');
    if (secrets.has(name)) {
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const secret = makeSecret(name);
    const id = putVersion(secret, newVersion(input));
    secrets.set(name, secret);
    return { ...named(secret), VersionId: id };
  },
  PutSecretValue: (secrets, input) => {
    const secret = writable(secrets, input);
    const labels = input['VersionStages'] as readonly string[] | undefined;
    const id = putVersion(secret, { ...newVersion(input), labels });
    return { ...named(secret), VersionId: id, VersionStages: [...(secret.versions.get(id)?.labels ?? [])] };
  },
  GetSecretValue: (secrets, input) => {
    const secret = writable(secrets, input);
    const label = text(input, 'VersionStage') ?? CURRENT;
    const id = text(input, 'VersionId') ?? holder(secret, label);
    const version = id === undefined ? undefined : secret.versions.get(id);
    if (id === undefined || version === undefined) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${label}`,
      );
    }
    return { ...named(secret), ...contentOf(version), VersionId: id, CreatedDate: version.createdAt / 1000 };
  },
  DescribeSecret: (secrets, input) => {
    const secret = find(secrets, input);
    const labelled = [...secret.versions].filter(([, version]) => version.labels.size > 0);
    return {
      ...named(secret),
      RotationEnabled: secret.rotationEnabled ?? false,
      OwningService: secret.owningService,
      PrimaryRegion: secret.primaryRegion,
      DeletedDate: secret.deletedAt === undefined ? undefined : secret.deletedAt / 1000,
      VersionIdsToStages: Object.fromEntries(labelled.map(([id, { labels }]) => [id, [...labels]])),
    };
  },
  UpdateSecretVersionStage: (secrets, input) => {
    const secret = writable(secrets, input);
    moveLabel(secret, needed(input, 'VersionStage'), {
      to: text(input, 'MoveToVersionId'),
      from: text(input, 'RemoveFromVersionId'),
    });
    return named(secret);
  },
};

/** @throws ServiceError */
export function carryOut(operation: string, secrets: Secrets, input: Input): object {
  const work = OPERATIONS[operation];
  if (work === undefined) throw new ServiceError('UnknownOperationException', '');
  return work(secrets, input);
}

function find(secrets: Secrets, input: Input): EmulatedSecret {
  const id = needed(input, 'SecretId');
  const secret = secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id);
  if (secret !== undefined) return secret;
  throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function writable(secrets: Secrets, input: Input): EmulatedSecret {
  const secret = find(secrets, input);
  if (secret.deletedAt === undefined) return secret;
  throw new ServiceError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

function named({ arn, name }: EmulatedSecret): { ARN: string; Name: string } {
  return { ARN: arn, Name: name };
}

function newVersion(input: Input) {
  return {
    token: text(input, 'ClientRequestToken'),
    text: text(input, 'SecretString'),
    binary: text(input, 'SecretBinary'),
  };
}

function contentOf(version: EmulatedVersion): object {
  return {
    VersionStages: [...version.labels],
    ...(version.text === undefined ? { SecretBinary: version.binary } : { SecretString: version.text }),
  };
}
