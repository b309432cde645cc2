import { RotationError } from '../../core/errors/rotation-error.ts';
import type { GoogleSecretOptions } from './options.ts';

export interface SecretRef {
  /** `projects/P/secrets/S`, or `projects/P/locations/L/secrets/S`. */
  readonly secret: string;
  /** What readers ask for; undefined when they take `latest`. */
  readonly alias: string | undefined;
}

export const LATEST = 'latest';

const REF =
  /^(?:projects\/(?<project>[^/]+)\/(?:locations\/(?<location>[^/]+)\/)?secrets\/)?(?<id>[A-Za-z0-9_-]{1,255})(?:\/versions\/(?<version>[A-Za-z0-9_-]{1,63}))?$/;

/** @throws RotationError CONFIG_INVALID */
export function parseRef(
  ref: string,
  { project, location }: Pick<GoogleSecretOptions, 'project' | 'location'>,
  subject: string,
): SecretRef {
  const parts = REF.exec(ref)?.groups;
  const wrong = problemOf(parts, { project, location });
  if (wrong !== undefined) {
    const hint =
      'Name the secret as `checkout-key`, or with the alias its readers use: `checkout-key/versions/live`.';
    throw new RotationError('CONFIG_INVALID', { subject, reason: wrong, hint });
  }
  const parent = location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
  const version = parts?.['version'];
  return {
    secret: `${parent}/secrets/${parts?.['id']}`,
    alias: version === LATEST ? undefined : version,
  };
}

function problemOf(
  parts: Readonly<Record<string, string | undefined>> | undefined,
  here: { readonly project: string; readonly location: string | undefined },
): string | undefined {
  if (parts === undefined) return '`ref` is not the name of a secret';
  const { project, location, version } = parts;
  if (project !== undefined && project !== here.project)
    return `\`ref\` is in project ${project}; this connection is for ${here.project}`;
  if (project !== undefined && location !== here.location)
    return `\`ref\` is in location ${location ?? 'none'}; this connection is for ${here.location ?? 'none'}`;
  if (version === undefined || version === LATEST) return undefined;
  if (/^\d+$/.test(version)) return '`ref` names a version; a version never changes';
  return /^[A-Za-z]/.test(version) && version !== 'NEW' ? undefined : `${version} is not an alias`;
}
