import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { MayDo } from '../../lib/vault/access.ts';
import type { RoleFacts, SecretIdApi, SecretIdFacts } from './secret-id-api.ts';

type Draft = Omit<Finding, 'subject'>;

/** A secret id that lives shorter has to be rotated by a clock, and not by a person. */
const SHORT_LIFE_MS = 24 * 3_600_000;

export interface PreflightParts {
  readonly subject: string;
  readonly secretIds: SecretIdApi;
  /** @throws RotationError REFUSED */
  readonly validate: () => void;
  readonly oldKey: Credential;
  readonly mayDo: (paths: readonly string[], call: CallContext) => Promise<MayDo>;
  /** What is wrong with the server or the token keyturn has. */
  readonly server: (call: CallContext) => Promise<readonly Finding[]>;
  readonly ttlSeconds: number | undefined;
  readonly now: number;
}

/** Everything that would stop create or destroy, at once. */
export async function preflightAppRole(
  parts: PreflightParts,
  call: CallContext,
): Promise<readonly Finding[]> {
  const { secretIds, subject, oldKey } = parts;
  const general = await parts.server(call);
  if (general.some(({ severity }) => severity === 'error')) return general;
  const questions: (() => Promise<readonly Draft[]>)[] = [
    async () => {
      parts.validate();
      return [];
    },
    async () => permissionFindings(secretIds.path, await parts.mayDo(neededPaths(secretIds.path), call)),
    async () =>
      roleFindings(await readable(() => secretIds.role(call.signal)), secretIds.path, parts.ttlSeconds),
    async () => {
      const { secretId } = oldKey;
      return secretId === undefined
        ? []
        : oldKeyFindings(await secretIds.lookUp({ secretId }, call.signal), parts.now);
    },
  ];
  const drafts: Draft[] = [];
  for (const question of questions) drafts.push(...(await reported(question)));
  return [...general, ...drafts.map((draft) => ({ ...draft, subject }))];
}

const NEEDED = [
  ['update', '/secret-id'],
  ['list', '/secret-id'],
  ['update', '/secret-id/lookup'],
  ['update', '/secret-id-accessor/lookup'],
  ['update', '/secret-id-accessor/destroy'],
] as const;

function neededPaths(path: string): string[] {
  return [...new Set(NEEDED.map(([, place]) => `${path}${place}`))];
}

/** The whole way, to the end: a secret id that can be made and not be destroyed is the worst of outcomes. */
function permissionFindings(path: string, mayDo: MayDo): Draft[] {
  return NEEDED.flatMap(([capability, place]) => {
    const answer = mayDo(capability, `${path}${place}`);
    // Where nothing is there yet, a policy may say `create` and mean the same.
    const may = answer === false && capability === 'update' ? mayDo('create', `${path}${place}`) : answer;
    if (may === true) return [];
    const severity = may === false ? ('error' as const) : ('warning' as const);
    const verb = may === false ? 'keyturn may not' : 'it could not be seen whether keyturn may';
    return {
      severity,
      code: 'PERMISSION_DENIED' as const,
      message: `${verb} \`${capability}\` ${path}${place}`,
      hint: `Grant it: path "${path}${place}" { capabilities = ["${capability}"] }.`,
    };
  });
}

type Role = RoleFacts | undefined | 'not readable';

/** Reading the role is a convenience; the secret ids themselves are what has to be reached. */
async function readable(read: () => Promise<RoleFacts | undefined>): Promise<Role> {
  try {
    return await read();
  } catch (error) {
    if (isRotationError(error, 'PERMISSION_DENIED')) return 'not readable';
    throw error;
  }
}

function roleFindings(role: Role, path: string, ttlSeconds: number | undefined): Draft[] {
  if (role === 'not readable') return [];
  if (role === undefined) {
    return [
      {
        severity: 'error',
        code: 'NOT_FOUND',
        message: `there is no role at ${path}`,
        hint: 'Check `role`, `mount` and `namespace`; keyturn makes no roles.',
      },
    ];
  }
  const findings: Draft[] = [];
  if (!role.bindsSecretId) {
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      message: 'the role wants no secret id (bind_secret_id is false), so rotating one protects nothing',
      hint: 'Set bind_secret_id=true on the role.',
    });
  }
  if (role.secretIdUses > 0) {
    findings.push({
      severity: 'warning',
      code: 'LIMIT_REACHED',
      message: `a new secret id is good for ${role.secretIdUses} logins; then services are locked out`,
      hint: 'Set secret_id_num_uses=0 on the role for services that log in again and again.',
    });
  }
  const lifeMs = (ttlSeconds ?? role.secretIdTtl) * 1000;
  if (lifeMs > 0 && lifeMs < SHORT_LIFE_MS) {
    findings.push({
      severity: 'warning',
      code: 'LIMIT_REACHED',
      message: `a new secret id expires by itself after ${formatDuration(lifeMs)}`,
      hint: 'Rotate well before that, or set a longer secret_id_ttl (or `ttlSeconds`).',
    });
  }
  return findings;
}

function oldKeyFindings(old: SecretIdFacts | undefined, now: number): Draft[] {
  if (old === undefined) {
    return [
      {
        severity: 'warning',
        code: 'UNAUTHENTICATED',
        message: 'Vault does not know the current secret id: it is expired or destroyed, or of another role',
        hint: 'Check `role` and the targets; if services still log in, they use another secret id.',
      },
    ];
  }
  const left = old.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(old.expiresAt) - now;
  if (left >= SHORT_LIFE_MS) return [];
  return [
    {
      severity: 'info',
      code: 'UNAUTHENTICATED',
      message: `the current secret id (${old.accessor}) expires by itself at ${old.expiresAt}`,
      hint: 'From then on it is no way back any more.',
    },
  ];
}

async function reported(question: () => Promise<readonly Draft[]>): Promise<readonly Draft[]> {
  try {
    return await question();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}
