import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { readList } from '../../lib/gitlab/read-list.ts';
import type { Place } from './place.ts';
import { factsIn, type Variable, type VariableFacts, variableIn } from './variable.ts';

/** The variables of one place, of one environment scope. Every method throws RotationErrors only. */
export interface VariablesApi {
  /** Those of all scopes, to the last page. @throws RotationError NOT_FOUND when the place is not to be seen */
  list(signal: AbortSignal): Promise<readonly VariableFacts[]>;
  /** Undefined when there is none of this key in this scope. */
  get(key: string, signal: AbortSignal): Promise<Variable | undefined>;
  /** Its value alone: what is not sent stays as it was. */
  setValue(key: string, value: Secret, signal: AbortSignal): Promise<void>;
}

export function variablesApi(
  client: GitlabClient,
  { path, scope }: Pick<Place, 'path' | 'scope'>,
  subject: string,
): VariablesApi {
  // Without the filter GitLab takes the variable of some scope, or refuses (409) where a key has several.
  const filter = scope === undefined ? '' : `?filter%5Benvironment_scope%5D=${encodeURIComponent(scope)}`;
  const itemOf = (key: string): string => `${path}/${encodeURIComponent(key)}${filter}`;
  const aboutOf = (key: string, action: string) => ({ subject: `${subject}#${key}`, action });

  return {
    list: async (signal) =>
      (await readList(client, path, { subject, action: 'list the variables' }, signal)).map(factsIn),

    get: async (key, signal) => {
      const about = { ...aboutOf(key, 'read the variable'), effect: 'read' } as const;
      const found = await unlessAbsent(client.ask({ ...about, method: 'GET', path: itemOf(key) }, signal));
      if (found === undefined) return undefined;
      const variable = variableIn(found);
      if (variable.key === key && isOfScope(variable, scope)) return variable;
      throw new RotationError('REFUSED', {
        ...about,
        reason: `GitLab answers with ${variable.key || 'no variable'} of the environment scope ${variable.scope}`,
        hint: 'This GitLab does not tell scopes of variables apart (of groups it learnt to in 16.9).',
      });
    },

    setValue: async (key, value, signal) => {
      const about = { ...aboutOf(key, 'write the variable'), effect: 'write' } as const;
      const body = { value: value.reveal() };
      const told = factsIn(await client.ask({ ...about, method: 'PUT', path: itemOf(key), body }, signal));
      if (told.key === key && isOfScope(told, scope)) return;
      throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer is about another variable' });
    },
  };
}

function isOfScope(variable: VariableFacts, scope: string | undefined): boolean {
  return scope === undefined || variable.scope === scope;
}

async function unlessAbsent<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
