import type { Socket } from 'node:net';
import { type EmulatedLogin, emulatedLogin } from './emulated-login.ts';
import {
  createReader,
  dataRow,
  errorResponse,
  int32,
  message,
  PROTOCOL_3,
  READY,
  type Received,
  type Refusal,
  rowDescription,
  texts,
} from './emulated-messages.ts';
import { type EmulatedRoles, refusal } from './emulated-roles.ts';

/** What happens to a request in place of an answer. */
export type Trouble =
  /** The connection breaks before the request is carried out. */
  | { readonly kind: 'cut' }
  /** The request is carried out; the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** The request is carried out; the answer never comes. */
  | { readonly kind: 'silence' }
  /** The server refuses; `fatal` ends the session. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly fatal?: boolean };

export interface SessionHost {
  readonly state: EmulatedRoles;
  /** `trust` lets everybody in who may log in; `password` asks for it in the clear. */
  readonly method: 'scram-sha-256' | 'trust' | 'password';
  /** Undefined: all is well. Called once for each login and each statement. */
  trouble(on: 'login' | 'read' | 'write'): Trouble | undefined;
  /** Every text and parameter that arrived, as a server would log it. */
  log(text: string): void;
  changed(): void;
}

/** One connection: log in, then answer simple and extended queries. */
export function serveSession(socket: Socket, host: SessionHost): void {
  const { state } = host;
  let user = '';
  let login: EmulatedLogin | undefined;
  let prepared = '';
  let parameters: (string | null)[] = [];
  /** After an error everything up to Sync is passed over. */
  let skipping = false;
  let silent = false;

  const send = (...messages: readonly Buffer[]): void => void socket.write(Buffer.concat(messages));
  const refuse = (because: Refusal): void => void socket.end(errorResponse('FATAL', because));

  const welcome = (): void => {
    if (state.roles.get(user)?.canLogin !== true) {
      refuse(refusal('28000', `role "${user}" is not permitted to log in`, 'InitializeSessionUserId'));
      return;
    }
    send(message('R', int32(0)), message('K', int32(4711), int32(4711)), READY);
  };

  const start = (body: Buffer): void => {
    if (body.readInt32BE(0) !== PROTOCOL_3) {
      // Encryption is asked for: not here.
      socket.write('N');
      return;
    }
    const fields = texts(body.subarray(4));
    user = fields[fields.indexOf('user') + 1] ?? '';
    const broken = host.trouble('login');
    if (broken !== undefined) strike(broken, () => {});
    else if (host.method === 'trust') welcome();
    else if (host.method === 'password') send(message('R', int32(3)));
    else send(message('R', int32(10), 'SCRAM-SHA-256\0\0'));
  };

  const authenticate = (body: Buffer): void => {
    const failed = (): void =>
      refuse(refusal('28P01', `password authentication failed for user "${user}"`, 'auth_failed'));
    if (host.method === 'password') {
      host.log(body.toString('utf8'));
      failed();
      return;
    }
    if (login === undefined) {
      const role = state.roles.get(user);
      login = emulatedLogin(role?.expired === true ? undefined : role?.verifier);
      // The name of the mechanism, the length, and what the client says first.
      const first = body.subarray(body.indexOf(0) + 5).toString('utf8');
      send(message('R', int32(11), login.begin(first)));
      return;
    }
    const final = login.finish(body.toString('utf8'));
    if (final === undefined) failed();
    else {
      send(message('R', int32(12), final));
      welcome();
    }
  };

  const carryOut = (text: string, values: readonly (string | null)[], head: readonly Buffer[]): Buffer[] => {
    if (!state.isChange(text)) {
      return [...head, dataRow(state.ask(text, values, user)), message('C', 'SELECT 1\0')];
    }
    state.change(text, user);
    host.changed();
    return [message('C', 'ALTER ROLE\0')];
  };

  /** Answers, unless something is to go wrong. @returns whether the session goes on as it should */
  const answer = (
    text: string,
    values: readonly (string | null)[],
    head: readonly Buffer[],
    finish: readonly Buffer[],
  ): boolean => {
    host.log([text, ...values].join('\n'));
    const broken = host.trouble(state.isChange(text) ? 'write' : 'read');
    if (broken !== undefined) {
      strike(broken, () => carryOut(text, values, head), finish);
      return broken.kind !== 'refusal';
    }
    try {
      send(...carryOut(text, values, head), ...finish);
      return true;
    } catch (because) {
      send(errorResponse('ERROR', because as Refusal), ...finish);
      return false;
    }
  };

  const strike = (trouble: Trouble, work: () => void, finish: readonly Buffer[] = []): void => {
    if (trouble.kind === 'cut') socket.destroy();
    else if (trouble.kind === 'refusal') {
      if (trouble.fatal === true) refuse(trouble.refusal);
      else send(errorResponse('ERROR', trouble.refusal), ...finish);
    } else {
      try {
        work();
      } catch {
        // Refused; nobody hears of that either.
      }
      silent = true;
      if (trouble.kind === 'lost-answer') socket.destroy();
    }
  };

  /** By the type of the message. */
  const takers: Readonly<Record<string, (body: Buffer) => void>> = {
    '': start,
    p: authenticate,
    Q: (body) => void answer(texts(body)[0] ?? '', [], [rowDescription()], [READY]),
    P: (body) => {
      prepared = texts(body)[1] ?? '';
      send(message('1'));
    },
    B: (body) => {
      parameters = parametersOf(body);
      send(message('2'));
    },
    D: () => send(state.isChange(prepared) ? message('n') : rowDescription()),
    E: () => {
      skipping = !answer(prepared, parameters, [], []);
    },
    S: () => {
      skipping = false;
      send(READY);
    },
    X: () => void socket.end(),
  };
  const take = ({ type, body }: Received): void => {
    if (!silent && (!skipping || type === 'S')) takers[type]?.(body);
  };

  socket.on('error', () => socket.destroy());
  socket.on('data', createReader(take));
}

/** Behind two names: formats, then values with their lengths; -1 is NULL. */
function parametersOf(body: Buffer): (string | null)[] {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return body.toString('utf8', at - length, at);
  });
}
