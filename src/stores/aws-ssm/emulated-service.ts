import {
  type EmulatedAccount,
  type Input,
  jsonService,
  neededText,
  ServiceError,
  textOf,
} from '../../lib/aws/emulator/json-protocol.ts';
import type { EmulatedService } from '../../lib/emulator/loopback-server.ts';
import {
  type EmulatedParameter,
  type EmulatedVersion,
  moveLabels,
  newestOf,
  putVersion,
} from './emulated-parameter.ts';

export type Parameters = Map<string, EmulatedParameter>;

/** Parameter Store, and what of STS and IAM a store asks, at one address. */
export function parameterService(
  account: EmulatedAccount & { readonly parameters: Parameters },
): EmulatedService {
  return jsonService(account, {
    target: 'AmazonSSM',
    iamPrefix: 'ssm',
    isWrite: (operation) => operation === 'PutParameter' || operation === 'LabelParameterVersion',
    carryOut: (operation, input) => {
      const work = OPERATIONS[operation];
      if (work === undefined) throw new ServiceError('UnknownOperationException', '');
      return work(account.parameters, input);
    },
    errors: { 404: 'ParameterNotFound', 409: 'ParameterAlreadyExists' },
  });
}

const PAGE = 50;

const OPERATIONS: Readonly<Record<string, (parameters: Parameters, input: Input) => object>> = {
  GetParameter: (parameters, input) => {
    const [name = '', selector] = neededText(input, 'Name').split(':');
    const parameter = find(parameters, name);
    const version = versionOf(parameter, selector);
    const secret = parameter.type === 'SecureString' && input['WithDecryption'] !== true;
    return {
      Parameter: {
        Name: name,
        Type: parameter.type,
        Value: secret ? Buffer.from(`encrypted ${version.version}`).toString('base64') : version.value,
        Version: version.version,
        ...(selector === undefined ? {} : { Selector: `:${selector}` }),
        LastModifiedDate: version.modifiedAt / 1000,
        ARN: parameter.arn,
        DataType: parameter.dataType,
      },
    };
  },
  DescribeParameters: (parameters, input) => {
    const [filter] = (input['ParameterFilters'] ?? []) as { readonly Values: readonly string[] }[];
    const found = parameters.get(filter?.Values[0] ?? '');
    // An empty page that is not the last one, as AWS may give it.
    if (input['NextToken'] === undefined) return { Parameters: [], NextToken: 'second' };
    return { Parameters: found === undefined ? [] : [described(found)] };
  },
  GetParameterHistory: (parameters, input) => {
    const { versions } = find(parameters, neededText(input, 'Name'));
    const from = Number(textOf(input, 'NextToken') ?? 0);
    const page = versions.slice(from, from + PAGE);
    return {
      Parameters: page.map(({ version, value, labels }) => ({
        Version: version,
        Value: value,
        Labels: [...labels],
      })),
      NextToken: from + PAGE < versions.length ? String(from + PAGE) : undefined,
    };
  },
  PutParameter: (parameters, input) => {
    const parameter = find(parameters, neededText(input, 'Name'));
    if (input['Overwrite'] !== true)
      throw new ServiceError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const version = putVersion(parameter, neededText(input, 'Value'), {
      type: textOf(input, 'Type'),
      keyId: textOf(input, 'KeyId'),
      tier: textOf(input, 'Tier'),
      dataType: textOf(input, 'DataType'),
      description: textOf(input, 'Description'),
      allowedPattern: textOf(input, 'AllowedPattern'),
      policies: textOf(input, 'Policies'),
    });
    return { Version: version, Tier: parameter.tier };
  },
  LabelParameterVersion: (parameters, input) => {
    const parameter = find(parameters, neededText(input, 'Name'));
    const version = Number(input['ParameterVersion'] ?? newestOf(parameter)?.version);
    const invalid = moveLabels(parameter, (input['Labels'] ?? []) as readonly string[], version);
    return { InvalidLabels: invalid, ParameterVersion: version };
  },
};

function find(parameters: Parameters, name: string): EmulatedParameter {
  const parameter = parameters.get(name);
  if (parameter !== undefined) return parameter;
  throw new ServiceError('ParameterNotFound', '');
}

function versionOf(parameter: EmulatedParameter, selector: string | undefined): EmulatedVersion {
  const found =
    selector === undefined
      ? newestOf(parameter)
      : parameter.versions.find(
          ({ version, labels }) => String(version) === selector || labels.has(selector),
        );
  if (found !== undefined) return found;
  throw new ServiceError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
  );
}

function described(parameter: EmulatedParameter): object {
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: parameter.type,
    KeyId: parameter.keyId,
    Tier: parameter.tier,
    DataType: parameter.dataType,
    Description: parameter.description,
    AllowedPattern: parameter.allowedPattern,
    Version: newestOf(parameter)?.version,
    Policies: parameter.policies.map((text) => ({
      PolicyText: text,
      PolicyType: (JSON.parse(text) as { Type: string }).Type,
      PolicyStatus: 'Pending',
    })),
  };
}
