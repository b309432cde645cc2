import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { levelValue } from './access-level.ts';
import type { GitlabTokenOptions } from './options.ts';
import type { Owner } from './owner.ts';

/** GitLab takes 365 days; 400 where its administrator has turned that on. */
const LONGEST_DAYS = 400;
const USUAL_DAYS = 365;

const DAY_MS = 86_400_000;

/** What the new token is to be like: as the old one, except where the config says otherwise. */
export interface Likeness {
  readonly scopes: readonly string[];
  readonly accessLevel: number | undefined;
  /** Undefined: it does not expire. */
  readonly days: number | undefined;
}

type Wanted = Pick<GitlabTokenOptions, 'scopes' | 'accessLevel' | 'lifetime'>;

/** Undefined when the scopes (or, of a project or group, the role) are neither in the config nor known of the old token. */
export function likenessOf(
  options: Wanted,
  owner: Owner,
  old: Principal['details'] | undefined,
): Likeness | undefined {
  const scopes = options.scopes ?? textsIn(old?.['scopes']);
  const oldLevel = old?.['accessLevel'];
  const accessLevel =
    options.accessLevel === undefined
      ? typeof oldLevel === 'number'
        ? oldLevel
        : undefined
      : levelValue(options.accessLevel);
  if (scopes === undefined || (owner.kind !== 'user' && accessLevel === undefined)) return undefined;
  return { scopes, accessLevel: owner.kind === 'user' ? undefined : accessLevel, days: daysOf(options, old) };
}

/**
 * The body of the request that makes it. `expires_at` is always a date of our own, since GitLab's would be another one.
 * @throws RotationError REFUSED when it is not known what the token is to be like
 */
export function tokenWish(
  label: string,
  likeness: Likeness | undefined,
  { now, subject }: { readonly now: number; readonly subject: string },
): JsonObject {
  if (likeness === undefined) {
    throw new RotationError('REFUSED', {
      subject,
      action: 'make a token',
      reason: 'the old token is not known to GitLab, so that its scopes and role cannot be copied',
      hint: 'Say what the new one is to be like: `scopes`, and `accessLevel` for one of a project or group.',
    });
  }
  const { scopes, accessLevel, days } = likeness;
  return {
    name: label,
    scopes,
    ...(accessLevel === undefined ? {} : { access_level: accessLevel }),
    ...(days === undefined ? {} : { expires_at: dateOf(now + days * DAY_MS) }),
  };
}

/**
 * As many days as the old token was given, not its last day: a token that is rotated because it is about to expire would
 * be followed by one that does as well.
 */
function daysOf({ lifetime }: Wanted, old: Principal['details'] | undefined): number | undefined {
  if (lifetime !== undefined) return Number.parseInt(lifetime, 10);
  if (old === undefined) return USUAL_DAYS;
  const [from, to] = [Date.parse(String(old['createdAt'])), Date.parse(String(old['expiresAt']))];
  if (old['expiresAt'] === undefined) return undefined;
  const days = Math.round((to - Math.floor(from / DAY_MS) * DAY_MS) / DAY_MS);
  // Also what is no number: GitLab told no time we understand.
  if (!(days >= 1 && days <= LONGEST_DAYS)) return USUAL_DAYS;
  return days;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function textsIn(told: unknown): readonly string[] | undefined {
  return Array.isArray(told) && told.length > 0 ? told.map(String) : undefined;
}
