import { RotationError } from '../../core/errors/rotation-error.ts';
import { itemPath } from '../../lib/jenkins/item-path.ts';

/** Where a credential lives, as `ref` says. */
export interface CredentialPlace {
  readonly store: 'system' | 'folder' | 'user';
  readonly id: string;
  /** Of its definition, below the root URL of Jenkins. */
  readonly path: string;
}

/**
 * `system/DOMAIN/ID`, `folder/PATH/OF/FOLDER/DOMAIN/ID` or `user/USER/DOMAIN/ID`. A slash within a name is `%2F`.
 * @throws RotationError CONFIG_INVALID
 */
export function placeOf(ref: string, subject: string): CredentialPlace {
  const names = namesIn(ref);
  const [store, ...rest] = names ?? [];
  const id = rest.at(-1) ?? '';
  const domain = rest.at(-2) ?? '';
  const owner = rest.slice(0, -2);
  const at = (prefix: string): string =>
    `${prefix}/domain/${encodeURIComponent(domain)}/credential/${encodeURIComponent(id)}/config.xml`;
  if (domain !== '' && store === 'system' && owner.length === 0)
    return { store, id, path: at('/credentials/store/system') };
  if (store === 'folder' && owner.length > 0)
    return { store, id, path: at(`${itemPath(owner)}/credentials/store/folder`) };
  const [user] = owner;
  if (store === 'user' && user !== undefined && owner.length === 1)
    return { store, id, path: at(`/user/${encodeURIComponent(user)}/credentials/store/user`) };
  throw new RotationError('CONFIG_INVALID', {
    subject,
    reason: '`ref` names no place of a credential',
    hint: 'Write `system/_/ID`, `folder/team/app/_/ID` or `user/alice/_/ID`; `_` is the global domain.',
  });
}

/** Undefined when one is empty or wrongly percent-encoded. */
function namesIn(ref: string): readonly string[] | undefined {
  try {
    const names = ref.split('/').map(decodeURIComponent);
    return names.includes('') ? undefined : names;
  } catch {
    return undefined;
  }
}
