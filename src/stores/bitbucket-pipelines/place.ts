import { RotationError } from '../../core/errors/rotation-error.ts';

/** Where variables are kept. */
export type Place =
  | { readonly kind: 'repository' | 'workspace'; readonly path: string }
  /** Its variables are found by the UUID of the environment. */
  | { readonly kind: 'deployment'; readonly repository: string; readonly environment: string };

const SLUG = String.raw`(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+|\{[0-9a-f-]{36}\}`;
const REPOSITORY = new RegExp(`^repositories/(${SLUG})/(${SLUG})$`);
const WORKSPACE = new RegExp(`^workspaces/(${SLUG})$`);
const DEPLOYMENT = new RegExp(`^deployments/(${SLUG})/(${SLUG})/(.+)$`, 's');

/** @throws RotationError CONFIG_INVALID when the ref names no place */
export function placeOf(ref: string, subject: string): Place {
  const [, workspace] = WORKSPACE.exec(ref) ?? [];
  // The hyphen is Bitbucket's: the other places have an underscore.
  if (workspace !== undefined)
    return {
      kind: 'workspace',
      path: `/workspaces/${encodeURIComponent(workspace)}/pipelines-config/variables`,
    };
  const [, owner, name] = REPOSITORY.exec(ref) ?? [];
  if (owner !== undefined && name !== undefined)
    return { kind: 'repository', path: `${repositoryPath(owner, name)}/pipelines_config/variables` };
  const [, of, repository, environment] = DEPLOYMENT.exec(ref) ?? [];
  if (of !== undefined && repository !== undefined && environment !== undefined)
    return { kind: 'deployment', repository: repositoryPath(of, repository), environment };
  throw new RotationError('CONFIG_INVALID', {
    subject,
    action: 'read its `ref`',
    reason:
      'it is none of `repositories/WORKSPACE/REPO`, `workspaces/WORKSPACE` and `deployments/WORKSPACE/REPO/ENVIRONMENT`',
  });
}

function repositoryPath(workspace: string, name: string): string {
  return `/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(name)}`;
}
