import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { startDeadline } from '../../lib/http/deadline.ts';
import { transportError } from '../../lib/http/transport-error.ts';
import { type About, loginError, serverErrorOf, statementError } from './postgres-error.ts';

export interface Server {
  /** Subject of the errors: the connection's name in the config. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** False: in the clear. `ca`: PEM of a private authority. */
  readonly tls: false | { readonly ca: string | undefined };
  /** For a whole visit: connect, log in, ask. */
  readonly timeoutMs: number;
}

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

/** One connection. One attempt each. */
export interface Session {
  /** The `answer` of the one row. */
  ask(question: string, parameters?: readonly unknown[]): Promise<unknown>;
  /** Statements that change something, as one transaction. @throws RotationError INDETERMINATE when the answer was lost */
  change(action: string, ...statements: readonly string[]): Promise<void>;
  /** Whether the server wanted the password: under `trust`, `peer` or `cert` it does not, and being let in proves nothing. */
  readonly askedForPassword: boolean;
}

/**
 * Logs in, does the work, and logs out.
 * @throws RotationError UNAUTHENTICATED when the role or its password is refused; UNAVAILABLE, TIMEOUT, ABORTED …
 */
export async function visit<T>(
  server: Server,
  login: Login,
  { action, signal }: { readonly action: string; readonly signal: AbortSignal },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { name: subject } = server;
  const { Client } = await import('pg');
  // From here to the listener below nothing is waited for, so that no stop is overheard.
  if (signal.aborted) throw new RotationError('ABORTED', { subject, action, reason: 'asked to stop' });
  const tls = server.tls !== false;
  let asked: 'no' | 'in the clear' | 'hashed' = 'no';
  const client = new Client({
    host: server.host,
    port: server.port,
    database: server.database,
    user: login.username,
    // Called when the server asks: in the clear it gets the password only where nobody listens.
    password: async () => {
      if (asked === 'in the clear' && !tls && !isLocal(server.host)) throw inTheClear(subject, action);
      if (asked === 'no') asked = 'hashed';
      return login.password.reveal();
    },
    ssl: server.tls === false ? false : { rejectUnauthorized: true, ...caOf(server.tls) },
    application_name: 'keyturn',
  });
  // Heard before the driver's own listener, which answers.
  client.connection.once('authenticationCleartextPassword', () => {
    asked = 'in the clear';
  });
  // What breaks while nothing is asked is seen at the next question.
  client.on('error', () => {});
  const deadline = startDeadline(server.timeoutMs, signal);
  deadline.signal.addEventListener?.('abort', () => client.connection.stream.destroy());

  const attempt = async <R>(about: About, step: () => Promise<R>, refusal: typeof loginError): Promise<R> => {
    try {
      return await step();
    } catch (error) {
      if (error instanceof RotationError) throw error;
      const said = serverErrorOf(error);
      if (said !== undefined) throw refusal(said, about);
      throw transportError(error, server, { ...about, signal }, deadline.passed());
    }
  };
  const asking: About = { subject, action, effect: 'read' };

  try {
    await attempt(asking, () => client.connect(), loginError);
    return await work({
      ask: async (question, parameters) => {
        const { rows } = await attempt(
          asking,
          // A question without parameters goes the same way as one with.
          () => client.query<{ answer: unknown }>(question, [...(parameters ?? [])]),
          statementError,
        );
        if (rows[0] !== undefined) return rows[0].answer;
        throw new RotationError('UNAVAILABLE', { subject, action, reason: 'the answer has no row' });
      },
      change: async (deed, ...statements) => {
        const about: About = { subject, action: deed, effect: 'write' };
        if (signal.aborted)
          throw new RotationError('ABORTED', { subject, action: deed, reason: 'asked to stop' });
        await attempt(about, () => client.query(statements.join(';\n')), statementError);
      },
      get askedForPassword() {
        return asked !== 'no';
      },
    });
  } finally {
    // Within the time of the visit: a server that does not hang up must not hold us.
    await client.end().catch(() => {});
    deadline.clear();
  }
}

function caOf({ ca }: { readonly ca: string | undefined }): { ca?: string } {
  return ca === undefined ? {} : { ca };
}

export function isLocal(host: string): boolean {
  return host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(host);
}

function inTheClear(subject: string, action: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    action,
    reason: 'the server asks for the password in the clear, and the connection is not encrypted',
    hint: 'Use scram-sha-256 in pg_hba.conf, or switch `tls` on.',
  });
}
