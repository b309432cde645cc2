import type { Credential, Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { runCommand } from '../../lib/process/run-command.ts';
import { type About, errorOf } from './exit-meaning.ts';
import type { Action, CommandOptions } from './options.ts';

export interface Question {
  readonly action: Action;
  readonly label?: string;
  readonly keyId?: string;
  /** Their plaintext travels on standard input and nowhere else. */
  readonly parts?: Credential;
}

/** Runs the program for one action and gives the JSON object it printed, `{}` for nothing. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<JsonObject>;

const PHRASES: Readonly<Record<Action, string>> = {
  create: 'create a key',
  identify: 'ask who the key acts as',
  list: 'list the keys',
  deactivate: 'deactivate the key',
  activate: 'activate the key',
  delete: 'delete the key',
  lastUsed: 'ask when the key was last used',
};

const READS: readonly Action[] = ['identify', 'list', 'lastUsed'];

export function createAsk(options: CommandOptions, ctx: OpenContext): Ask {
  const { name: subject, timeoutMs } = ctx;
  const [program, ...args] = options.command;

  return async (question, signal) => {
    const { parts, ...asked } = question;
    const secrets = await resolved(options.secrets, ctx);
    const about: About = {
      subject,
      timeoutMs,
      action: PHRASES[question.action],
      effect: READS.includes(question.action) ? 'read' : 'write',
      secrets: [...Object.values(secrets), ...Object.values(parts ?? {})],
    };
    if (signal.aborted)
      throw new RotationError('ABORTED', { subject, action: about.action, reason: 'asked to stop' });
    const document = {
      ...asked,
      ...(parts && { parts: revealed(parts) }),
      settings: options.settings,
      secrets: revealed(secrets),
    };
    const outcome = await runCommand({
      command: [program, ...args],
      cwd: ctx.baseDir,
      stdin: `${JSON.stringify(document)}\n`,
      timeoutMs,
      signal,
    });
    const error = errorOf(outcome, about);
    if (error !== undefined) throw error;
    return objectIn(outcome.stdout) ?? unreadable(about);
  };
}

async function resolved(
  references: CommandOptions['secrets'],
  { resolve }: OpenContext,
): Promise<Record<string, Secret>> {
  const secrets: Record<string, Secret> = {};
  for (const [name, reference] of Object.entries(references)) secrets[name] = await resolve(reference);
  return secrets;
}

function revealed(secrets: Fields<Secret>): Fields<string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
}

function objectIn(stdout: string): JsonObject | undefined {
  if (stdout.trim() === '') return {};
  try {
    const document = JSON.parse(stdout) as unknown;
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    return isObject ? (document as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(about: About): never {
  throw misunderstood(about, 'what it printed is not one JSON object');
}

/** The program ended well, but its answer is not what was asked for. After a write, that proves nothing. */
export function misunderstood(
  about: Pick<About, 'subject' | 'action' | 'effect'>,
  reason: string,
): RotationError {
  return new RotationError(about.effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE', {
    subject: about.subject,
    action: about.action,
    reason,
    hint: 'The program must print the answer as JSON on standard output, and everything else on standard error.',
  });
}
