import { RotationError } from '../../core/errors/rotation-error.ts';
import { PROJECT_SLUG } from '../../lib/circleci/project-slug.ts';

/** Where variables are kept. */
export type Place =
  | { readonly kind: 'project'; readonly slug: string }
  | { readonly kind: 'context'; readonly id: string }
  /** A context that has to be looked up. */
  | { readonly kind: 'named-context'; readonly name: string };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws RotationError CONFIG_INVALID when the ref names no place */
export function placeOf(ref: string, subject: string): Place {
  const [, kind, rest = ''] = /^(projects|contexts)\/(.+)$/.exec(ref) ?? [];
  if (kind === 'contexts') {
    return UUID.test(rest)
      ? { kind: 'context', id: rest.toLowerCase() }
      : { kind: 'named-context', name: rest };
  }
  if (kind === 'projects' && PROJECT_SLUG.test(rest)) return { kind: 'project', slug: rest };
  throw new RotationError('CONFIG_INVALID', {
    subject,
    action: 'read its `ref`',
    reason:
      'it is neither `projects/SLUG` (gh/org/repo, bb/org/repo, circleci/UUID/UUID) nor `contexts/NAME-OR-ID`',
  });
}
