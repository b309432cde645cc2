import type { Credential } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { askSelf, type TokenFacts } from '../../lib/gitlab/token-facts.ts';
import { type KnownToken, lookAtToken } from './identify.ts';
import type { GitlabTokenOptions } from './options.ts';
import type { Owner } from './owner.ts';
import { tokenOf } from './token-format.ts';
import { likenessOf } from './token-wish.ts';
import type { TokensApi } from './tokens-api.ts';

export interface IssuerParts {
  readonly client: GitlabClient;
  readonly api: TokensApi;
  readonly owner: Owner;
  readonly options: GitlabTokenOptions;
}

type Draft = Omit<Finding, 'subject'>;

/** Everything that would stop create or revoke, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightTokens(
  parts: IssuerParts,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const subject = parts.client.name;
  let own: TokenFacts | undefined;
  const drafts = [
    ...(await reported(async () => {
      own = await askSelf(parts.client, undefined, signal);
      return ownFindings(own);
    })),
    ...(await reported(async () => {
      // Who may list the tokens of a project or group may make them; only an administrator sees those of a user.
      await parts.api.list(signal);
      return [];
    })),
    ...(await reported(() => oldFindings(parts, oldKey, own, signal))),
  ];
  return drafts.map((draft) => ({ ...draft, subject }));
}

function ownFindings({ scopes }: TokenFacts): Draft[] {
  if (scopes.includes('api') || scopes.includes('granular')) return [];
  return [
    {
      severity: 'error',
      code: 'PERMISSION_DENIED',
      message: `keyturn’s own token has the scopes ${scopes.join(', ')}, and making tokens needs \`api\``,
      hint: 'Give the issuer a personal access token with the scope `api`.',
    },
  ];
}

async function oldFindings(
  parts: IssuerParts,
  oldKey: Credential,
  own: TokenFacts | undefined,
  signal: AbortSignal,
): Promise<Draft[]> {
  let old: KnownToken;
  try {
    old = await lookAtToken(parts, tokenOf(oldKey, parts.client.name), signal);
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    return deadFindings(parts);
  }
  const { ref } = parts.owner;
  if (!old.ours) {
    const message = `the current token (number ${old.facts.id}) is none of ${ref}`;
    return [{ severity: 'error', code: 'REFUSED', message, hint: 'Correct `of`, or the targets.' }];
  }
  if (own?.id === old.facts.id) {
    const message =
      'keyturn itself asks with the token that is rotated, and nobody would be left to prove it dead';
    const hint = 'Give the issuer a personal access token of its own.';
    return [{ severity: 'error', code: 'REFUSED', message, hint }];
  }
  const { expiresAt } = old.facts;
  if (expiresAt === undefined) return [];
  return [{ severity: 'info', code: 'LIMIT_REACHED', message: `the current token expires on ${expiresAt}` }];
}

/** An expired or leaked token may be dead already, and has to be replaced all the same. */
function deadFindings({ options, owner }: IssuerParts): Draft[] {
  const known = likenessOf(options, owner, undefined) !== undefined;
  return [
    {
      severity: known ? 'warning' : 'error',
      code: 'UNAUTHENTICATED',
      message: `GitLab does not accept the current token, so ${known ? 'the new one cannot be compared with it' : 'its scopes and role cannot be copied'}`,
      hint: known
        ? 'Make sure that `scopes` and `accessLevel` are what its services need.'
        : 'Say what the new one is to be like: `scopes`, and `accessLevel` for one of a project or group.',
    },
  ];
}

async function reported(question: () => Promise<readonly Draft[]>): Promise<readonly Draft[]> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof RotationError) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}
