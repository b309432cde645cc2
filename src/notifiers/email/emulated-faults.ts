import type { Fault } from '../../core/plugins/emulator.ts';

/** What a server in trouble does to one delivery. */
export interface Trouble {
  /** Answered to this command in place of what is usual. */
  readonly refusal?: { readonly to: 'AUTH' | 'MAIL'; readonly reply: string };
  /** Where the connection breaks: before anything is taken, or with the message taken and no answer given. */
  readonly end?: 'cut' | 'lost-answer' | 'silence';
}

/** A fault as SMTP has it. */
export function troubleOf(fault: Fault): Trouble {
  switch (fault.kind) {
    case 'cut':
    case 'lost-answer':
    case 'silence':
      return { end: fault.kind };
    case 'status': {
      const refusal = REFUSALS[fault.status];
      if (refusal !== undefined) return { refusal };
      throw new Error(`SMTP has nothing like status ${fault.status}`);
    }
    default:
      throw new Error(`SMTP has no ${fault.kind}`);
  }
}

const REFUSALS: Readonly<Record<number, Trouble['refusal']>> = {
  401: { to: 'AUTH', reply: '535 5.7.8 Authentication credentials invalid\r\n' },
  403: { to: 'MAIL', reply: '550 5.7.1 Sender not allowed\r\n' },
  429: { to: 'MAIL', reply: '450 4.7.1 Too many messages, slow down\r\n' },
  500: { to: 'MAIL', reply: '451 4.3.0 Local error\r\n' },
  503: { to: 'AUTH', reply: '421 4.3.2 Service shutting down\r\n' },
};
