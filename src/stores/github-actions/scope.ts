import { RotationError } from '../../core/errors/rotation-error.ts';

/** Who may use the secrets of a place. */
export type Area = 'actions' | 'dependabot' | 'codespaces';

/** One place that has secrets. */
export interface Scope {
  readonly kind: 'repository' | 'environment' | 'organization';
  readonly area: Area;
  /** API path above `/secrets`, percent-encoded: `/repos/acme/shop/actions`. */
  readonly path: string;
  /** API path above `/variables`; only Actions have variables. */
  readonly variables: string | undefined;
  /** API path of the repository or organisation it belongs to. */
  readonly home: string;
}

const REF =
  /^(?:(dependabot|codespaces):)?(?:orgs\/([A-Za-z0-9][A-Za-z0-9-]*)|([A-Za-z0-9][A-Za-z0-9_-]*)\/([A-Za-z0-9._-]+)(?:\/environments\/(.+))?)$/;

/** @throws RotationError CONFIG_INVALID when the ref names no place, or one that this area does not have */
export function scopeOf(ref: string, subject: string): Scope {
  const [, prefix, organization, owner, name, environment] = REF.exec(ref) ?? [];
  const area = (prefix ?? 'actions') as Area;
  if (organization !== undefined) {
    const home = `/orgs/${organization}`;
    return { kind: 'organization', area, ...beneath(home, area), home };
  }
  if (owner === undefined || name === undefined || /^\.{1,2}$/.test(name)) {
    throw invalid(subject, 'it is not `owner/repo`, `owner/repo/environments/NAME` or `orgs/ORG`');
  }
  const home = `/repos/${owner}/${name}`;
  if (environment === undefined) return { kind: 'repository', area, ...beneath(home, area), home };
  if (area !== 'actions') throw invalid(subject, `environments have no ${area} secrets`);
  const path = `${home}/environments/${encodeURIComponent(environment)}`;
  return { kind: 'environment', area, path, variables: path, home };
}

function beneath(home: string, area: Area): Pick<Scope, 'path' | 'variables'> {
  const path = `${home}/${area}`;
  return { path, variables: area === 'actions' ? path : undefined };
}

function invalid(subject: string, reason: string): RotationError {
  return new RotationError('CONFIG_INVALID', {
    subject,
    action: 'read its `ref`',
    reason,
    hint: 'For Dependabot and Codespaces write `dependabot:owner/repo`, `codespaces:orgs/ORG`.',
  });
}
