import { FULL_PATH, idOf } from '../../lib/gitlab/full-path.ts';

/** Whose tokens are rotated. */
export interface Owner {
  readonly kind: 'project' | 'group' | 'user';
  /** As the config has it: `projects/acme/shop`. */
  readonly ref: string;
  /** Of a user: its number. */
  readonly userId: string | undefined;
  /** The project or group itself; who may make tokens of it is told there. */
  readonly path: string;
  /** Where its tokens are listed. */
  readonly list: string;
  /** Where one of them is made. */
  readonly create: string;
  /** Below it, by its number, is one of them. */
  readonly items: string;
}

export function isOwner(ref: string): boolean {
  const [, area, name = ''] = /^(projects|groups|users)\/(.+)$/s.exec(ref) ?? [];
  return area === 'users' ? /^[1-9]\d*$/.test(name) : area !== undefined && FULL_PATH.test(name);
}

/** Of what `isOwner` takes. */
export function ownerOf(ref: string): Owner {
  const slash = ref.indexOf('/');
  const [area, name] = [ref.slice(0, slash), ref.slice(slash + 1)];
  if (area === 'users') {
    const create = `/users/${name}/personal_access_tokens`;
    const items = '/personal_access_tokens';
    return {
      kind: 'user',
      ref,
      userId: name,
      path: `/users/${name}`,
      list: `${items}?user_id=${name}`,
      create,
      items,
    };
  }
  const path = `/${area}/${idOf(name)}`;
  const tokens = `${path}/access_tokens`;
  const kind = area === 'projects' ? 'project' : 'group';
  return { kind, ref, userId: undefined, path, list: tokens, create: tokens, items: tokens };
}
