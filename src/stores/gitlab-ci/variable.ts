import { Secret } from '../../core/secret.ts';
import type { GitlabObject } from '../../lib/gitlab/gitlab-client.ts';

/** What GitLab tells of a CI/CD variable, besides its value. */
export interface VariableFacts {
  readonly key: string;
  /** Its value is given to nobody any more; settled when it was made. */
  readonly hidden: boolean;
  /** Blanked out in the logs of jobs, which only some values can be. */
  readonly masked: boolean;
  /** Otherwise a runner takes `$NAME` in the value for another variable. Unknown to GitLab before 15.7, which expands. */
  readonly raw: boolean;
  /** `*` for all environments; of an instance's variables too. */
  readonly scope: string;
}

export interface Variable extends VariableFacts {
  /** Undefined when it is hidden or empty. */
  readonly value: Secret | undefined;
}

export function variableIn(told: GitlabObject): Variable {
  const { value } = told;
  return {
    ...factsIn(told),
    value: typeof value === 'string' && value !== '' ? new Secret(value) : undefined,
  };
}

/**
 * Without the value: those of variables that are not ours are ordinary words as often as not (`production`), and whatever
 * is made a Secret is blanked out of all that keyturn prints.
 */
export function factsIn(told: GitlabObject): VariableFacts {
  const { key, value, hidden, masked, raw, environment_scope: scope } = told;
  return {
    key: typeof key === 'string' ? key : '',
    // Of a hidden variable GitLab gives null; before it knew hidden ones, every value was a text.
    hidden: hidden === true || value === null,
    masked: masked === true,
    raw: raw === true,
    scope: typeof scope === 'string' ? scope : '*',
  };
}
