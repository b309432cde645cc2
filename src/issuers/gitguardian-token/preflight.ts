import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import { type ApiToken, missingScopes, ownerOf, sameOwner } from './api-token.ts';
import type { GitguardianOptions } from './options.ts';

interface Questions {
  readonly subject: string;
  readonly options: GitguardianOptions;
  readonly tokenId: string | undefined;
  /** @throws RotationError REFUSED */
  readonly validate: () => void;
  readonly askManager: () => Promise<ApiToken>;
  readonly askOld: () => Promise<ApiToken>;
  /** @throws RotationError NOT_FOUND */
  readonly askById: (id: string) => Promise<ApiToken>;
  readonly listTokens: () => Promise<readonly ApiToken[]>;
}

/** Documented for personal access tokens, of one member. */
const MOST_PERSONAL = 5;

/** What would stop create or revoke, and in what the new token would differ from the old one. */
export async function preflightFindings(questions: Questions): Promise<readonly Finding[]> {
  const { subject } = questions;
  const findings: Finding[] = [];
  let manager: ApiToken | undefined;
  await gather(findings, subject, async () => {
    questions.validate();
    return [];
  });
  await gather(findings, `${subject}, manager`, async () => {
    manager = await questions.askManager();
    return managerFindings(manager, questions);
  });
  await gather(findings, subject, async () => {
    const old = await oldToken(questions);
    if (old !== undefined) return oldFindings(old, manager, questions);
    return [deadOldToken(subject), ...(await liveIdFindings(questions))];
  });
  return findings;
}

async function managerFindings(
  manager: ApiToken,
  { subject, options, listTokens }: Questions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const lacking = missingScopes(['api_tokens:read', 'api_tokens:write', ...options.scopes], manager.scopes);
  if (lacking.length > 0) {
    findings.push({
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject: `${subject}, manager`,
      message: `the token \`manager\` does not have ${lacking.join(', ')}`,
      hint: 'It needs `api_tokens:write` to make and revoke tokens, and can give a token no scope that it does not have.',
    });
  }
  if (manager.type !== 'personal_access_token' || lacking.includes('api_tokens:read')) return findings;
  const own = (await listTokens()).filter((token) => token.active && sameOwner(token, manager));
  if (own.length < MOST_PERSONAL) return findings;
  findings.push({
    severity: 'warning',
    code: 'LIMIT_REACHED',
    subject,
    message: `the member has ${own.length} personal access tokens, and GitGuardian allows ${MOST_PERSONAL}`,
    hint: 'Revoke one that nobody uses, or rotate a service account.',
  });
  return findings;
}

async function oldToken({ askOld }: Questions): Promise<ApiToken | undefined> {
  try {
    return await askOld();
  } catch (error) {
    if (isRotationError(error, 'UNAUTHENTICATED')) return undefined;
    throw error;
  }
}

/** An expired or leaked token may be dead already, and has to be replaced all the same. */
function deadOldToken(subject: string): Finding {
  return {
    severity: 'warning',
    code: 'UNAUTHENTICATED',
    subject,
    message: 'GitGuardian does not accept the old token, so the new one cannot be compared with it',
    hint: 'Make sure that `manager` is of the same workspace and type, and that `scopes` are right.',
  };
}

/** What is revoked is the token of the id: beside a dead value it may be one that somebody uses. */
async function liveIdFindings({ subject, tokenId, askById }: Questions): Promise<Finding[]> {
  if (tokenId === undefined) return [];
  try {
    const named = await askById(tokenId);
    if (!named.active) return [];
    return [
      {
        severity: 'error',
        code: 'REFUSED',
        subject,
        message: `its value is dead, and its tokenId is that of a live token (${named.name})`,
        hint: 'Put the tokenId right: the live token would be revoked in its place.',
      },
    ];
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return [];
    throw error;
  }
}

function oldFindings(old: ApiToken, manager: ApiToken | undefined, questions: Questions): Finding[] {
  const { subject, options, tokenId } = questions;
  const findings: Finding[] = [];
  const error = (code: Finding['code'], message: string, hint: string): void => {
    findings.push({ severity: 'error', code, subject, message, hint });
  };
  if (tokenId !== old.id) {
    const hint = `Give ${old.id} as tokenId: another token would be revoked in its place.`;
    error('REFUSED', `its tokenId is not that of its value, which is ${old.id} (${old.name})`, hint);
  }
  if (manager?.id === old.id) {
    const hint = 'Give a token of its own as `manager`: one that revokes itself cannot see whether it did.';
    error('REFUSED', 'the token that is rotated is `manager` itself', hint);
  } else if (manager !== undefined && !sameOwner(old, manager)) {
    const message = `it is of ${ownerOf(old)}, and \`manager\` of ${ownerOf(manager)}`;
    error(
      'REFUSED',
      message,
      'GitGuardian makes tokens of the owner and type of the token that asks for them.',
    );
  }
  const lost = missingScopes(old.scopes, options.scopes);
  if (lost.length > 0) {
    findings.push({
      severity: 'warning',
      code: 'CONFLICT',
      subject,
      message: `the old token has ${lost.join(', ')}, which \`scopes\` does not name: the new one will not have it`,
    });
  }
  return findings;
}

async function gather(findings: Finding[], subject: string, look: () => Promise<Finding[]>): Promise<void> {
  try {
    findings.push(...(await look()));
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    findings.push({ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint });
  }
}
