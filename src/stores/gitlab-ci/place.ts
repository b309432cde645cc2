import { RotationError } from '../../core/errors/rotation-error.ts';
import { FULL_PATH, idOf } from '../../lib/gitlab/full-path.ts';

/** Where variables are kept. */
export interface Place {
  readonly kind: 'project' | 'group' | 'instance';
  /** Of the collection, below `/api/v4`. */
  readonly path: string;
  /** Undefined where there are no scopes: an instance's variables are for all environments. */
  readonly scope: string | undefined;
}

/** What GitLab takes for an environment scope: the name of an environment, with `*` as a wildcard. */
export const ENVIRONMENT = /^[A-Za-z0-9_/${}. *-]{1,255}$/;

/** @throws RotationError CONFIG_INVALID when the ref names no place */
export function placeOf(ref: string, usualScope: string, subject: string): Place {
  if (ref === 'instance') return { kind: 'instance', path: '/admin/ci/variables', scope: undefined };
  // A path holds no `@`, so that the first one ends it.
  const [, kind, path = '', , scope = usualScope] = /^(projects|groups)\/([^@]+)(@(.*))?$/s.exec(ref) ?? [];
  if (kind !== undefined && FULL_PATH.test(path) && ENVIRONMENT.test(scope)) {
    return {
      kind: kind === 'projects' ? 'project' : 'group',
      path: `/${kind}/${idOf(path)}/variables`,
      scope,
    };
  }
  throw new RotationError('CONFIG_INVALID', {
    subject,
    action: 'read its `ref`',
    reason: 'it is none of `projects/PATH`, `groups/PATH`, `projects/PATH@ENVIRONMENT` and `instance`',
  });
}
