import type { ErrorContext } from '../../core/errors/definitions.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { redactor } from '../redactor.ts';

export interface About {
  /** `vault-prod/secret/apps/ci`, or the name of the connection. */
  readonly subject: string;
  readonly action: string;
  readonly effect: 'read' | 'write';
  /** What a policy must allow: `read` on `secret/data/apps/ci`. */
  readonly needs?: string;
}

/** How Go lists errors: `1 error occurred:`, and each on a line with an asterisk. */
const LIST_OF_ERRORS = /^\d+ errors? occurred:\s*\* /;

/** Long enough for the server's sentence, too short for a page. */
const LONGEST_WORDS = 300;

/** An answer with an error status, in our words. */
export function vaultError(answer: HttpAnswer, about: About): RotationError {
  const { status } = answer;
  if (status >= 300 && status < 400) return redirected(answer, about);
  const words = vaultWords(answer);
  // Not Vault's answer: a gateway's 503 may hide that Vault has written.
  if (words === undefined) return statusError(answer, about);
  const reason = words === '' ? `status ${status}` : `${words} (status ${status})`;
  const context: ErrorContext = { subject: about.subject, action: about.action, reason };
  return (
    inParticular(status, words, context) ??
    (status === 403 ? denied(context, about) : statusError(answer, about, words))
  );
}

/** Statuses that Vault uses for more, or for something else, than their name says. */
function inParticular(status: number, words: string, context: ErrorContext): RotationError | undefined {
  if (status === 400 && words.includes('did not match the current version')) {
    return new RotationError('CONFLICT', context);
  }
  if (status === 400 && words.includes('Upgrading from non-versioned')) {
    return new RotationError('UNAVAILABLE', {
      ...context,
      hint: 'The mount is being upgraded to KV version 2; try again in a moment.',
    });
  }
  // A standby that has not seen an earlier write yet: it did nothing.
  if (status === 412) return new RotationError('UNAVAILABLE', context);
  if (status === 413 || words.includes('value being too large')) {
    return new RotationError('LIMIT_REACHED', {
      ...context,
      hint: 'All fields of a secret share one entry of the storage (1 MiB on raft): move some to another path.',
    });
  }
  if (status === 503) {
    return new RotationError('UNAVAILABLE', {
      ...context,
      hint: 'Unseal the server, or ask its operators why it refuses work; then try again.',
    });
  }
  if (status === 404) return new RotationError('NOT_FOUND', { ...context, hint: NOT_THERE });
  return undefined;
}

const NOT_THERE =
  'Check mount, path and namespace: `ref` begins with the mount (`secret/apps/ci`), and mounts belong to a namespace.';

function denied(context: ErrorContext, { needs }: About): RotationError {
  if (needs === undefined) return new RotationError('PERMISSION_DENIED', context);
  return new RotationError('PERMISSION_DENIED', {
    ...context,
    reason: `${context.reason}; it needs ${needs}`,
    hint: `Grant ${needs} in a policy of the identity keyturn uses.`,
  });
}

/** A standby without request forwarding answers 307 and names the active node. */
function redirected(answer: HttpAnswer, about: About): RotationError {
  const location = answer.headers['location'] ?? '';
  const error = strangeAnswer(answer, about);
  if (answer.status !== 307 || !URL.canParse(location)) return error;
  return new RotationError('UNAVAILABLE', {
    ...error.context,
    hint: `This node is a standby; set \`address\` to the active node, ${new URL(location).origin}, or to a load balancer.`,
  });
}

/** What Vault says in `errors`, on one line and without secrets; undefined when the body is not Vault's. */
export function vaultWords(answer: HttpAnswer): string | undefined {
  try {
    const body = JSON.parse(answer.body) as { errors?: unknown; warnings?: unknown };
    const said = Array.isArray(body.errors) ? body.errors : body.warnings;
    if (!Array.isArray(said)) return undefined;
    const line = said
      .map((text) => redactor.redact(String(text)).replace(LIST_OF_ERRORS, '').replace(/\s+/g, ' ').trim())
      .join('; ');
    return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
  } catch {
    return undefined;
  }
}
