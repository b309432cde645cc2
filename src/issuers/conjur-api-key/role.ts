/** A role with an API key: a host or a user. */
export interface Role {
  readonly kind: 'host' | 'user';
  /** `apps/shop`, without account and kind. */
  readonly id: string;
  /** As it is named in the config: `host:apps/shop`. */
  readonly name: string;
  /** As it logs in: hosts with `host/` in front. */
  readonly login: string;
}

/** `name` has passed the schema. */
export function roleOf(name: string): Role {
  const [kind = '', id = ''] = name.split(/:(.*)/s);
  return kind === 'host' ? { kind, id, name, login: `host/${id}` } : { kind: 'user', id, name, login: id };
}
