import { Secret } from '../../core/secret.ts';
import type { GitlabObject } from '../../lib/gitlab/gitlab-client.ts';

/** A CI/CD variable as GitLab describes it. */
export interface Variable {
  readonly key: string;
  /** Undefined when it is hidden or empty. */
  readonly value: Secret | undefined;
  /** Its value is given to nobody any more; settled when it was made. */
  readonly hidden: boolean;
  /** Blanked out in the logs of jobs, which only some values can be. */
  readonly masked: boolean;
  /** Otherwise a runner takes `$NAME` in the value for another variable. Unknown to GitLab before 15.7, which expands. */
  readonly raw: boolean;
  /** `*` for all environments; of an instance's variables too. */
  readonly scope: string;
}

export function variableIn(told: GitlabObject): Variable {
  const { key, value, hidden, masked, raw, environment_scope: scope } = told;
  return {
    key: String(key),
    value: typeof value === 'string' && value !== '' ? new Secret(value) : undefined,
    // Of a hidden variable GitLab gives null; before it knew hidden ones, every value was a text.
    hidden: hidden === true || value === null,
    masked: masked === true,
    raw: raw === true,
    scope: typeof scope === 'string' ? scope : '*',
  };
}
