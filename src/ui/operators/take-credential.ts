import type { Credential } from '../../core/credential.ts';
import { isRotationError, type RotationError } from '../../core/errors/rotation-error.ts';
import type { CredentialCall } from '../../core/operator.ts';

/** Wrong values, after which it is no slip of the hand any more. */
const TRIES = 5;

/** What the terminal does around the questions. */
export interface Desk {
  readonly print: (text: string) => void;
  /** Asks until the answer is yes; says `otherwise` after each no. */
  readonly untilYes: (question: string, otherwise: string) => Promise<void>;
  /** Runs the work while the terminal takes no keys. */
  readonly closed: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Asks until a value passes the check, and says what is wrong with one that does not. One that could not be looked at
 * is kept: it may be right, and its issuer may have shown it only once.
 * @throws RotationError what `check` threw, when asking again cannot help or did not
 */
export async function takeCredential(
  ask: () => Promise<Credential>,
  check: CredentialCall['check'],
  desk: Desk,
): Promise<Credential> {
  for (let tries = 1; ; tries += 1) {
    const candidate = await ask();
    const wrong = await whatIsWrong(candidate, check, desk);
    if (wrong === undefined) return candidate;
    if (tries === TRIES) throw wrong;
    desk.print(`  Not taken: ${wrong.message}\n  ${wrong.hint}`);
  }
}

async function whatIsWrong(
  candidate: Credential,
  check: CredentialCall['check'],
  desk: Desk,
): Promise<RotationError | undefined> {
  for (;;) {
    desk.print('  Checking it.');
    try {
      await desk.closed(() => check(candidate));
      return undefined;
    } catch (error) {
      if (isRotationError(error, 'REFUSED') || isRotationError(error, 'UNAUTHENTICATED')) return error;
      if (!isRotationError(error) || !error.retryable) throw error;
      desk.print(
        `  It could not be checked, which says nothing against it: ${error.message}\n  ${error.hint}`,
      );
    }
    await desk.untilYes(
      'Check it again?',
      '  Take your time; Ctrl-C pauses the rotation, and `keyturn resume` asks for the value again.',
    );
  }
}
