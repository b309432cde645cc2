import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { Secret } from '../../core/secret.ts';
import { isUtf8 } from '../../lib/process/collect-output.ts';
import { lastLine } from '../../lib/process/last-line.ts';
import { type CommandOutcome, runCommand } from '../../lib/process/run-command.ts';
import type { Login } from './login.ts';

/** A program that keeps logins: `docker-credential-NAME`. What is secret goes through its stdin and stdout. */
export interface CredentialHelper {
  /** Undefined when it has none. @throws RotationError CONFIG_INVALID, REFUSED, UNAVAILABLE, TIMEOUT, ABORTED */
  get(registry: string, signal: AbortSignal): Promise<Login | undefined>;
  /** @throws RotationError CONFIG_INVALID, REFUSED, INDETERMINATE */
  store(registry: string, login: Login, signal: AbortSignal): Promise<void>;
}

/** What the helpers of docker say, whoever made them, on stdout. */
const NOT_FOUND = 'credentials not found in native keychain';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** @throws RotationError CONFIG_INVALID for a name that is none */
export function credentialHelper(
  name: string,
  { name: subject, baseDir, timeoutMs }: Pick<OpenContext, 'name' | 'baseDir' | 'timeoutMs'>,
): CredentialHelper {
  if (!NAME.test(name))
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: 'config.json names an odd credential helper',
    });
  const program = `docker-credential-${name}`;

  const run = async (verb: string, stdin: string, signal: AbortSignal): Promise<CommandOutcome> => {
    const outcome = await runCommand({
      command: [program, verb],
      cwd: baseDir,
      // Helpers of clouds and of desktops find their own session there.
      env: Object.fromEntries(Object.entries(process.env).filter(isSet)),
      stdin,
      timeoutMs,
      signal,
    });
    if (outcome.startError === undefined) return outcome;
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: outcome.startError,
      hint: `config.json names the credential helper ${name}: install ${program} where PATH finds it.`,
    });
  };

  return {
    get: async (registry, signal) => {
      const about = { subject: `${subject}/${registry}`, action: `ask ${program}` };
      const outcome = await run('get', registry, signal);
      if (outcome.exitCode === 0) return loginIn(outcome.stdout, about);
      if (outcome.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
      if (outcome.timedOut)
        throw new RotationError('TIMEOUT', { ...about, reason: `it did not end within ${timeoutMs} ms` });
      if (outcome.stdout.includes(NOT_FOUND)) return undefined;
      throw new RotationError('UNAVAILABLE', { ...about, reason: failed(withoutLogin(outcome), []) });
    },
    store: async (registry, { username, secret }, signal) => {
      const about = { subject: `${subject}/${registry}`, action: `store the login with ${program}` };
      const told = JSON.stringify({ ServerURL: registry, Username: username, Secret: secret });
      const outcome = await run('store', told, signal);
      if (outcome.exitCode === 0) return;
      const reason = failed(outcome, [new Secret(secret)]);
      const stopped = outcome.timedOut || outcome.aborted || outcome.exitCode === null;
      throw new RotationError(stopped ? 'INDETERMINATE' : 'REFUSED', { ...about, reason });
    },
  };
}

function failed(outcome: CommandOutcome, secrets: readonly Secret[]): string {
  const said = lastLine(outcome, secrets) || lastLine({ ...outcome, stderr: '' }, secrets);
  const end = outcome.exitCode === null ? 'it was stopped' : `exit code ${outcome.exitCode}`;
  return said === '' ? end : `${end}: ${said}`;
}

/** Helpers say on stdout why they failed; what looks like a login there is not for a message. */
function withoutLogin(outcome: CommandOutcome): CommandOutcome {
  return outcome.stdout.includes('"Secret"') ? { ...outcome, stdout: '' } : outcome;
}

function loginIn(text: string, about: { readonly subject: string; readonly action: string }): Login {
  if (!isUtf8(text)) {
    const reason = 'the login it gave is not UTF-8: it could not be put back as it was';
    throw new RotationError('REFUSED', { ...about, reason });
  }
  try {
    const { Username, Secret: secret } = JSON.parse(text) as { Username?: unknown; Secret?: unknown };
    if (typeof Username === 'string' && typeof secret === 'string') return { username: Username, secret };
  } catch {
    // Said below, without what it gave.
  }
  throw new RotationError('UNAVAILABLE', { ...about, reason: 'it gave no login' });
}

function isSet(pair: [string, string | undefined]): pair is [string, string] {
  return pair[1] !== undefined;
}
