import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { MayDo } from '../../lib/vault/access.ts';
import { envelopeOf } from '../../lib/vault/envelope.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { vaultError } from '../../lib/vault/vault-error.ts';
import { encodePath, type Location, metadataPath, settingsPath } from './secret-path.ts';

/** How long a version 2 mount keeps versions. */
export interface MountSettings {
  /** Versions kept; 0: not set. */
  readonly max_versions?: number;
  /** A duration such as `768h0m0s`; `0s`: not set. */
  readonly delete_version_after?: string;
}

/** The same for one secret, and what versions it has. */
export interface SecretMetadata extends MountSettings {
  readonly current_version?: number;
  readonly versions?: Readonly<Record<string, { readonly deletion_time?: string } | undefined>>;
}

/** What the settings mean for a rollback. */
export interface Retention {
  /** Whether the version before a push is certain to be there after it. */
  readonly keepsOld: boolean;
  readonly findings: readonly Finding[];
}

/** Undefined when the token may not read it, or nothing is there. */
export function readMetadata(
  api: VaultApi,
  location: Location,
  mayDo: MayDo,
  ctx: CallContext,
): Promise<SecretMetadata | undefined> {
  return readIfAllowed<SecretMetadata>(api, location, metadataPath(location), mayDo, ctx);
}

/** Undefined when the token may not read it, as is usual. */
export function readMountSettings(
  api: VaultApi,
  location: Location,
  mayDo: MayDo,
  ctx: CallContext,
): Promise<MountSettings | undefined> {
  return readIfAllowed<MountSettings>(api, location, settingsPath(location), mayDo, ctx);
}

/** `path` is where the metadata is, for the hint. */
export function retentionOf(
  metadata: SecretMetadata | undefined,
  mount: MountSettings | undefined,
  about: { readonly subject: string; readonly path: string },
): Retention {
  const warn = (message: string, hint: string): Finding => ({
    severity: 'warning',
    code: 'LIMIT_REACHED',
    subject: about.subject,
    message,
    hint,
  });
  if (metadata === undefined) {
    const message =
      'How many versions are kept could not be read, so the old value is kept sealed for a rollback.';
    return { keepsOld: false, findings: [warn(message, `Grant \`read\` on \`${about.path}\`.`)] };
  }
  const findings: Finding[] = [];
  const end = metadata.versions?.[String(metadata.current_version)]?.deletion_time;
  const ends = typeof end === 'string' ? end : '';
  const after = [metadata.delete_version_after, mount?.delete_version_after].find(isSet);
  if (ends !== '' || after !== undefined) {
    findings.push(
      warn(
        `Versions of this secret delete themselves${after === undefined ? '' : ` ${after} after they were written`}${ends === '' ? '' : ` (the current one at ${ends})`}: so will the new key.`,
        'Unset `delete_version_after` of the secret or the mount if services are to keep the key.',
      ),
    );
  }
  const kept = versionsKept(metadata, mount);
  if (kept === 1) {
    findings.push(
      warn(
        'Only one version is kept, so a push removes the old value for good; it is kept sealed for a rollback.',
        'Raise `max_versions` of the secret to keep it in Vault too.',
      ),
    );
  }
  return { keepsOld: kept !== undefined && kept > 1 && ends === '', findings };
}

/** Vault's default where neither the secret nor its mount says. */
const DEFAULT_VERSIONS = 10;

/** The larger setting counts. Undefined when it is the mount's, which we may not see. */
function versionsKept(metadata: SecretMetadata, mount: MountSettings | undefined): number | undefined {
  const own = metadata.max_versions ?? 0;
  if (own > 1) return own;
  if (mount !== undefined) return Math.max(own, mount.max_versions ?? 0) || DEFAULT_VERSIONS;
  const present = Object.keys(metadata.versions ?? {}).length;
  return present > 1 ? present : undefined;
}

function isSet(duration: unknown): duration is string {
  return typeof duration === 'string' && duration !== '' && !/^-?0s$/.test(duration);
}

async function readIfAllowed<T>(
  api: VaultApi,
  location: Location,
  path: string,
  mayDo: MayDo,
  { signal }: CallContext,
): Promise<T | undefined> {
  if (mayDo('read', path) === false) return undefined;
  const about = { subject: location.subject, action: `read ${path}`, effect: 'read' } as const;
  const answer = await api({
    method: 'GET',
    path: `/${encodePath(path)}`,
    effect: 'read',
    action: about.action,
    signal,
  });
  if (answer.status === 403 || answer.status === 404) return undefined;
  if (answer.status !== 200) throw vaultError(answer, about);
  return envelopeOf(answer, about).data as T | undefined;
}
