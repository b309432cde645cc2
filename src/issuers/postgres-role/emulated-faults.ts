import type { Fault } from '../../core/plugins/emulator.ts';
import { refusal } from './emulated-roles.ts';
import type { Trouble } from './emulated-session.ts';

type Place = 'login' | 'read' | 'write';

/** A fault as this protocol has it: a login is refused as a login, and a status is the SQLSTATE that means the same. */
export function troubleOf(fault: Fault, on: Place): Trouble {
  switch (fault.kind) {
    case 'cut':
    case 'lost-answer':
    case 'silence':
      return { kind: fault.kind };
    case 'status':
      return refusalOf(fault.status, on);
    default:
      throw new Error(`PostgreSQL has no ${fault.kind}`);
  }
}

/** What the server says before it ends the session, and what it says of one statement and goes on. */
function refusalOf(status: number, on: Place): Trouble {
  const told = on === 'login' ? AT_LOGIN[status] : AT_STATEMENT[status];
  if (told === undefined) throw new Error(`PostgreSQL has nothing like status ${status} for a ${on}`);
  const [code, words, routine] = told;
  // Class 57: the server breaks off, and what was under way may or may not be done.
  const fatal = on === 'login' || code.startsWith('57P0');
  return { kind: 'refusal', refusal: refusal(code, words, routine), fatal };
}

type Told = readonly [code: string, words: string, routine?: string];

const AT_LOGIN: Readonly<Record<number, Told>> = {
  401: ['28P01', 'password authentication failed', 'auth_failed'],
  403: ['28000', 'no pg_hba.conf entry for host', 'ClientAuthentication'],
  429: ['53300', 'sorry, too many clients already'],
  500: ['XX000', 'internal error'],
  503: ['57P03', 'the database system is starting up'],
};

const AT_STATEMENT: Readonly<Record<number, Told>> = {
  403: ['42501', 'permission denied'],
  429: ['53200', 'out of memory'],
  500: ['57P01', 'terminating connection due to administrator command'],
  503: ['57P02', 'terminating connection because of crash of another server process'],
};
