import type { Finding } from '../../core/finding.ts';
import type { Asking } from './asking.ts';
import type { Scope } from './scope.ts';

/** Permissions of which one, with write access, is enough. */
function permissionsFor({ kind, area }: Scope): readonly string[] {
  const prefix = kind === 'organization' ? 'organization_' : '';
  const suffix = area === 'actions' ? 'secrets' : `${area}_secrets`;
  // Older servers have no permission of its own for environments.
  return kind === 'environment' ? ['environments', 'secrets'] : [`${prefix}${suffix}`];
}

/** Only Apps are told what they were granted; whether a fine-grained token may write shows in the write. */
export async function grantFindings(scope: Scope, { client, place, signal }: Asking): Promise<Finding[]> {
  const granted = await client.authorization.granted(signal);
  if (granted === undefined) return [];
  const needed = permissionsFor(scope);
  if (needed.some((permission) => granted[permission] === 'write')) return [];
  return [
    {
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject: place,
      message: `the installation of the App lacks the permission \`${needed[0]}: write\``,
      hint: 'Add it in the settings of the App; an owner of the account then has to accept it.',
    },
  ];
}

/** The scope that a classic token would need and does not have. `header` is what GitHub says of every classic token. */
export function scopeMissing({ kind }: Scope, header: string | undefined): string | undefined {
  const scopes = (header ?? '').split(',').map((scope) => scope.trim());
  if (scopes.every((scope) => scope === '')) return undefined;
  if (kind === 'organization') return scopes.includes('admin:org') ? undefined : 'admin:org';
  return scopes.includes('repo') || scopes.includes('public_repo') ? undefined : 'repo';
}
