import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { isUtf8 } from './collect-output.ts';
import { type About, errorOf } from './exit-meaning.ts';
import { runCommand } from './run-command.ts';

/** The validated shape of program-schema.ts. */
export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ProgramQuestion extends Pick<About, 'action' | 'effect' | 'refusals' | 'answersSecrets'> {
  /** The document on standard input, but for what is secret in it. */
  readonly document: JsonObject;
  /** Members of the document whose plaintext travels on standard input and nowhere else. */
  readonly plaintext?: Readonly<Record<string, Fields<Secret>>>;
}

/** Runs the program once and gives the JSON object it printed, `{}` for nothing. @throws RotationError */
export type AskProgram = (question: ProgramQuestion, signal: AbortSignal) => Promise<JsonObject>;

/** One JSON document in, one out: how a program of the user's is asked. */
export function createAskProgram(program: Program, ctx: OpenContext): AskProgram {
  const { name: subject, timeoutMs } = ctx;
  const [executable, ...args] = program.command;

  return async ({ document, plaintext = {}, ...asked }, signal) => {
    const secrets = await resolved(program.secrets, ctx);
    const about: About = {
      ...asked,
      subject,
      timeoutMs,
      secrets: [secrets, ...Object.values(plaintext)].flatMap((fields) => Object.values(fields)),
    };
    if (signal.aborted)
      throw new RotationError('ABORTED', { subject, action: about.action, reason: 'asked to stop' });
    const shown = Object.entries(plaintext).map(([name, fields]) => [name, revealed(fields)]);
    const question = {
      ...document,
      ...Object.fromEntries(shown),
      settings: program.settings,
      secrets: revealed(secrets),
    };
    const outcome = await runCommand({
      command: [executable, ...args],
      cwd: ctx.baseDir,
      stdin: `${JSON.stringify(question)}\n`,
      timeoutMs,
      signal,
    });
    const error = errorOf(outcome, about);
    if (error !== undefined) throw error;
    if (!isUtf8(outcome.stdout)) throw misunderstood(about, 'what it printed is not UTF-8');
    const answer = objectIn(outcome.stdout);
    if (answer === undefined) throw misunderstood(about, 'what it printed is not one JSON object');
    return answer;
  };
}

async function resolved(
  references: Readonly<Record<string, string>>,
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
