import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { KeyApi } from './key-api.ts';
import type { Role } from './role.ts';

type Draft = Omit<Finding, 'subject'>;

export interface PreflightParts {
  readonly subject: string;
  readonly role: Role;
  readonly keys: KeyApi;
  /** Tries the old key. @throws RotationError */
  readonly tryOldKey: () => Promise<unknown>;
  /** The login keyturn itself has in Conjur. */
  readonly self: () => Promise<string>;
}

/** Everything that would stop the rotation, and what it will cost, at once. */
export async function preflightKey(parts: PreflightParts, signal: AbortSignal): Promise<readonly Finding[]> {
  const { subject, role } = parts;
  const questions: (() => Promise<readonly Draft[]>)[] = [
    async () => [noOverlap(role)],
    () => oldKeyFindings(parts),
    async () => ((await parts.self()) === role.login ? [ownKey(role)] : []),
    async () => ((await parts.keys.mayRotate(signal)) ? [] : [notAllowed(role)]),
  ];
  const drafts: Draft[] = [];
  for (const question of questions) drafts.push(...(await reported(question)));
  return drafts.map((draft) => ({ ...draft, subject }));
}

function noOverlap(role: Role): Draft {
  return {
    severity: 'warning',
    code: 'REFUSED',
    message: `There is no overlap: the key of ${role.name} dies when the new one is made, and nothing brings it back. Services cannot log in from then on, until they have the new one.`,
    hint: 'Access tokens they hold work for up to 8 minutes more: have them reload within that time.',
  };
}

async function oldKeyFindings({ tryOldKey, role }: PreflightParts): Promise<readonly Draft[]> {
  try {
    await tryOldKey();
    return [];
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    return [
      {
        severity: 'warning',
        code: 'UNAUTHENTICATED',
        message: `Conjur does not accept the current key of ${role.name}.`,
        hint: 'If services still work, they use another role, or hold an access token that is about to end.',
      },
    ];
  }
}

/** Its own key can be rotated with that key alone: when the answer is lost, nobody is left to ask again. */
function ownKey(role: Role): Draft {
  return {
    severity: 'error',
    code: 'REFUSED',
    message: `keyturn itself logs in as ${role.login}: were the answer lost, it would be locked out.`,
    hint: 'Give keyturn a host of its own, with `update` on this role.',
  };
}

function notAllowed(role: Role): Draft {
  return {
    severity: 'error',
    code: 'PERMISSION_DENIED',
    message: `keyturn may not \`update\` ${role.name}, or there is no such role: Conjur does not tell which.`,
    hint: `Grant it by policy: !permit { role: …, privileges: [ read, update ], resource: !${role.kind} ${role.id} }.`,
  };
}

async function reported(question: () => Promise<readonly Draft[]>): Promise<readonly Draft[]> {
  try {
    return await question();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}
