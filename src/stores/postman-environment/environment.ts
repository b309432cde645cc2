/** A variable as Postman tells it: `{"key","value","enabled","type",…}`. */
export interface Variable {
  readonly key: string;
  /** Its shared value; empty where there is none. */
  readonly value: string;
  readonly enabled: boolean;
  /** Shown in plain text to everybody who opens the environment. */
  readonly unmasked: boolean;
  /** Its value comes from the Postman Vault, and is not in the environment. */
  readonly fromVault: boolean;
}

export interface Environment {
  readonly isPublic: boolean;
  /** ISO 8601. */
  readonly updatedAt: string | undefined;
  /** In the order that the numbers in a JSON Patch count. */
  readonly variables: readonly Variable[];
}

/** From `{"environment":{…,"values":[…]}}`; undefined when it is something else. */
export function parseEnvironment(body: unknown): Environment | undefined {
  const environment = recordOf(recordOf(body)?.['environment']);
  const values = environment?.['values'];
  if (environment === undefined || !Array.isArray(values)) return undefined;
  const variables = values.map(parseVariable);
  if (variables.includes(undefined)) return undefined;
  const updatedAt = environment['updatedAt'];
  return {
    isPublic: environment['isPublic'] === true,
    updatedAt: typeof updatedAt === 'string' ? updatedAt : undefined,
    variables: variables.filter((variable) => variable !== undefined),
  };
}

function parseVariable(entry: unknown): Variable | undefined {
  const { key, value, enabled, type, secret, source } = recordOf(entry) ?? {};
  if (typeof key !== 'string') return undefined;
  return {
    key,
    value: typeof value === 'string' ? value : '',
    enabled: enabled !== false,
    unmasked: type !== 'secret',
    fromVault: secret === true || recordOf(source) !== undefined,
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
