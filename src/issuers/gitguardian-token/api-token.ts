/** A token as GitGuardian describes it, without its value. */
export interface ApiToken {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly type: TokenType;
  readonly workspaceId: number;
  /** Whose it is; undefined for service accounts. */
  readonly memberId: number | undefined;
  readonly active: boolean;
  readonly scopes: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  readonly lastUsedAt: string | undefined;
}

export type TokenType = 'personal_access_token' | 'service_account';

/** Whether it tells what a token of any kind tells: which one it is, and of what kind. */
export function describesToken(told: unknown): boolean {
  const { id, type, workspace_id: workspaceId } = (told ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof type === 'string' && typeof workspaceId === 'number';
}

/** Undefined for what is no token, or of a kind that is not known here. */
export function parseToken(told: unknown): ApiToken | undefined {
  const { id, name, type, scopes, ...rest } = (told ?? {}) as Record<string, unknown>;
  const workspaceId = rest['workspace_id'];
  if (typeof id !== 'string' || typeof workspaceId !== 'number') return undefined;
  if (type !== 'personal_access_token' && type !== 'service_account') return undefined;
  const memberId = rest['member_id'];
  return {
    id: id.toLowerCase(),
    name: typeof name === 'string' ? name : '',
    type,
    workspaceId,
    memberId: typeof memberId === 'number' ? memberId : undefined,
    active: rest['status'] === 'active',
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
    createdAt: textOf(rest['created_at']),
    lastUsedAt: textOf(rest['last_used_at']),
  };
}

/** Whether both act as the same: the same member, or a service account of the same workspace. */
export function sameOwner(left: ApiToken, right: ApiToken): boolean {
  return ownerOf(left) === ownerOf(right);
}

export function ownerOf({ workspaceId, type, memberId }: ApiToken): string {
  return type === 'service_account'
    ? `workspace ${workspaceId}, service account`
    : `workspace ${workspaceId}, member ${memberId ?? 'unknown'}`;
}

/** The scopes of `wanted` that `granted` does not have. To share holds to write, and to write holds to read. */
export function missingScopes(wanted: readonly string[], granted: readonly string[]): readonly string[] {
  const held = new Set(granted);
  return wanted.filter((scope) => {
    const [area, right] = scope.split(':');
    const stronger = right === 'read' ? ['write', 'share'] : right === 'write' ? ['share'] : [];
    return !held.has(scope) && !stronger.some((each) => held.has(`${area}:${each}`));
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
