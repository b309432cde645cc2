import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../lib/aws/emulator/identity.ts';
import { ServiceError } from '../../lib/aws/emulator/json-protocol.ts';
import { MAX_VERSIONS, TIER_BYTES } from './limits.ts';

export interface EmulatedVersion {
  readonly version: number;
  readonly value: string;
  readonly modifiedAt: number;
  readonly labels: Set<string>;
}

/** State that tests may set as an account's owner would. */
export interface EmulatedParameter {
  readonly name: string;
  readonly arn: string;
  versions: EmulatedVersion[];
  type: string;
  keyId: string | undefined;
  tier: string;
  dataType: string;
  description: string | undefined;
  allowedPattern: string | undefined;
  /** Texts of policies. */
  policies: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const DEFAULT_KEY = 'alias/aws/ssm';

/** A parameter whose every setting is another than the default: what is not sent again is seen to be lost. */
export function makeParameter(name: string): EmulatedParameter {
  return {
    name,
    arn: `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    versions: [],
    type: 'SecureString',
    keyId: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${randomUUID()}`,
    tier: 'Advanced',
    dataType: 'text',
    description: 'the key of checkout',
    allowedPattern: '^[\\s\\S]+$',
    policies: ['{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"90","Unit":"Days"}}'],
    tags: { team: 'payments' },
  };
}

/** What PutParameter takes beside the value. */
export interface NewSettings {
  readonly type?: string | undefined;
  readonly keyId?: string | undefined;
  readonly tier?: string | undefined;
  readonly dataType?: string | undefined;
  readonly description?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly policies?: string | undefined;
}

/** PutParameter over what is there. Of what AWS does with a setting that is left out, the harshest reading: it is lost. */
export function putVersion(parameter: EmulatedParameter, value: string, settings: NewSettings): number {
  const type = settings.type ?? parameter.type;
  const tier = settings.tier ?? 'Standard';
  refuse(parameter, value, { ...settings, type, tier });
  Object.assign(parameter, {
    tier,
    keyId: type === 'SecureString' ? (settings.keyId ?? DEFAULT_KEY) : undefined,
    dataType: settings.dataType ?? 'text',
    description: settings.description,
    allowedPattern: settings.allowedPattern,
    policies: policyTexts(settings.policies),
  });
  return addVersion(parameter, value);
}

/** Without a look at what AWS would say: for the owner of the account. */
export function addVersion(parameter: EmulatedParameter, value: string): number {
  const version = (newestOf(parameter)?.version ?? 0) + 1;
  parameter.versions.push({ version, value, modifiedAt: Date.now(), labels: new Set() });
  parameter.versions = parameter.versions.slice(-MAX_VERSIONS);
  return version;
}

export function newestOf({ versions }: EmulatedParameter): EmulatedVersion | undefined {
  return versions.at(-1);
}

/** LabelParameterVersion: a label is on one version. Gives the labels that are not valid. */
export function moveLabels(parameter: EmulatedParameter, labels: readonly string[], to: number): string[] {
  const target = parameter.versions.find(({ version }) => version === to);
  if (target === undefined)
    throw new ServiceError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${to} of ${parameter.name}. Verify the version and try again.`,
    );
  const valid = labels.filter((label) => /^(?!\d|aws|ssm)[\w.-]{1,100}$/.test(label));
  if (new Set([...target.labels, ...valid]).size > 10)
    throw new ServiceError(
      'ParameterVersionLabelLimitExceeded',
      'A parameter version can have maximum 10 labels.',
    );
  for (const label of valid) {
    for (const version of parameter.versions) version.labels.delete(label);
    target.labels.add(label);
  }
  return labels.filter((label) => !valid.includes(label));
}

function refuse(
  parameter: EmulatedParameter,
  value: string,
  { type, tier, keyId, allowedPattern }: NewSettings & { readonly type: string; readonly tier: string },
): void {
  const limit = TIER_BYTES[tier] ?? 0;
  if (type !== parameter.type)
    throw new ServiceError(
      'HierarchyTypeMismatchException',
      'Parameter Store does not support changing a parameter type.',
    );
  if (keyId !== undefined && type !== 'SecureString')
    throw new ServiceError('ValidationException', 'KeyId is required for SecureString type parameter only.');
  if (tier === 'Standard' && parameter.tier === 'Advanced')
    throw new ServiceError(
      'ValidationException',
      "This parameter uses the advanced-parameter tier. You can't downgrade it.",
    );
  if (Buffer.byteLength(value, 'utf8') > limit)
    throw new ServiceError(
      'ValidationException',
      `${tier} tier parameters support a maximum parameter value of ${limit} characters.`,
    );
  if (value.includes('{{'))
    throw new ServiceError('ValidationException', "Parameter value can't nest another parameter.");
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value))
    throw new ServiceError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  const [oldest] = parameter.versions;
  if (parameter.versions.length >= MAX_VERSIONS && (oldest?.labels.size ?? 0) > 0)
    throw new ServiceError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest?.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
}

function policyTexts(policies: string | undefined): string[] {
  if (policies === undefined) return [];
  return (JSON.parse(policies) as unknown[]).map((policy) => JSON.stringify(policy));
}
