import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { TravisClient } from './travis-client.ts';

/** A variable as Travis CI describes it. */
export interface EnvVar {
  readonly id: string;
  readonly name: string;
  /** Its value is shown: in the log of each build, and to everybody who may see the repository. */
  readonly public: boolean;
  /** Null: it is for all branches. */
  readonly branch: string | null;
  /** Of a public one, as it stands behind `export NAME=`: a word like any other, and none to redact. */
  readonly value: string | undefined;
  /** Whether this token may write it; undefined where Travis CI does not say. */
  readonly writable: boolean | undefined;
}

/** The variables of one repository. Every method throws RotationErrors only. */
export interface EnvVarsApi {
  /** @throws RotationError NOT_FOUND when the repository does not exist or may not be seen */
  list(signal: AbortSignal): Promise<readonly EnvVar[]>;
  /** Gives the variable as it is afterwards. What is not sent stays as it was. */
  setValue(variable: EnvVar, value: Secret, signal: AbortSignal): Promise<EnvVar>;
}

const REPOSITORY = /^(?:\d+|[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+)$/;

/** @throws RotationError CONFIG_INVALID when `ref` names no repository */
export function envVarsApi(client: TravisClient, ref: string, place: string): EnvVarsApi {
  if (!REPOSITORY.test(ref)) {
    const reason = 'it is neither `owner/repo` nor the number of a repository';
    throw new RotationError('CONFIG_INVALID', { subject: place, action: 'read its `ref`', reason });
  }
  const repository = `/repo/${encodeURIComponent(ref)}`;
  return {
    list: async (signal) => {
      const about = {
        subject: place,
        action: 'list the variables of the repository',
        effect: 'read',
      } as const;
      const path = `${repository}/env_vars`;
      const told = await client.ask('env_vars', { ...about, method: 'GET', path }, signal);
      if (!Array.isArray(told['env_vars'])) {
        throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a list' });
      }
      return told['env_vars'].map(envVarIn);
    },

    setValue: async ({ id, name }, value, signal) => {
      const about = { subject: `${place}#${name}`, action: 'write the variable', effect: 'write' } as const;
      const path = `${repository}/env_var/${encodeURIComponent(id)}`;
      const body = { 'env_var.value': value.reveal() };
      return envVarIn(await client.ask('env_var', { ...about, method: 'PATCH', path, body }, signal));
    },
  };
}

function envVarIn(told: unknown): EnvVar {
  const { id, name, branch, ...rest } = (told ?? {}) as Record<string, unknown>;
  const permissions = rest['@permissions'] as { write?: unknown } | undefined;
  return {
    id: String(id),
    name: String(name),
    // Only a clear no is one: a value must not be written where it may be shown.
    public: rest['public'] !== false,
    branch: typeof branch === 'string' && branch !== '' ? branch : null,
    value: typeof rest['value'] === 'string' ? rest['value'] : undefined,
    writable: typeof permissions?.write === 'boolean' ? permissions.write : undefined,
  };
}
