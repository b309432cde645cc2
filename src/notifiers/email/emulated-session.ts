import type { Trouble } from './emulated-faults.ts';

export interface SmtpSession {
  readonly greeting: string;
  /** What is answered to a line without its line break; nothing while a message is being read. */
  line(line: string): { readonly reply: string; readonly close: boolean };
}

interface Settings {
  readonly login: { readonly user: string; readonly password: string };
  readonly accept: (message: string) => void;
  /** Called once, at the login. */
  readonly trouble: () => Trouble | undefined;
}

type Answer = ReturnType<SmtpSession['line']>;

const NOTHING: Answer = { reply: '', close: false };

/** One connection: EHLO, AUTH PLAIN, MAIL, RCPT, DATA, QUIT, in that order. */
export function createSmtpSession({ login, accept, trouble }: Settings): SmtpSession {
  let greeted = false;
  let loggedIn = false;
  let recipients = 0;
  let data: string[] | undefined;
  let met: Trouble = {};

  const commands: Readonly<Record<string, (rest: string) => string>> = {
    EHLO: () => {
      greeted = true;
      return '250-loopback\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n';
    },
    AUTH: (rest) => {
      const [mechanism, response = ''] = rest.split(' ');
      if (mechanism?.toUpperCase() !== 'PLAIN') return '504 5.5.4 Unrecognized authentication type\r\n';
      const [, user, password] = Buffer.from(response, 'base64').toString('utf8').split('\0');
      loggedIn = user === login.user && password === login.password;
      return loggedIn
        ? '235 2.7.0 Authentication successful\r\n'
        : '535 5.7.8 Authentication credentials invalid\r\n';
    },
    MAIL: () => {
      if (!greeted) return '503 5.5.1 Send EHLO first\r\n';
      return loggedIn ? '250 2.1.0 OK\r\n' : '530 5.7.0 Authentication required\r\n';
    },
    RCPT: () => {
      if (!loggedIn) return '530 5.7.0 Authentication required\r\n';
      recipients += 1;
      return '250 2.1.5 OK\r\n';
    },
    DATA: () => {
      if (recipients === 0) return '503 5.5.1 No recipients\r\n';
      data = [];
      return '354 End with a dot\r\n';
    },
    RSET: () => '250 2.0.0 OK\r\n',
    QUIT: () => '221 2.0.0 Bye\r\n',
  };

  const dataLine = (line: string, lines: string[]): Answer => {
    if (line !== '.') {
      lines.push(line.startsWith('.') ? line.slice(1) : line);
      return NOTHING;
    }
    accept(readable(lines));
    data = undefined;
    recipients = 0;
    if (met.end !== undefined) return { reply: '', close: met.end === 'lost-answer' };
    return { reply: '250 2.0.0 Queued\r\n', close: false };
  };

  const commandLine = (line: string): Answer => {
    const [verb = '', ...rest] = line.split(' ');
    const command = verb.toUpperCase();
    if (command === 'AUTH') met = trouble() ?? {};
    if (met.end === 'cut') return { reply: '', close: true };
    if (met.refusal?.to === command) return { reply: met.refusal.reply, close: false };
    const answer = commands[command];
    const reply = answer === undefined ? '502 5.5.2 Not recognized\r\n' : answer(rest.join(' '));
    return { reply, close: command === 'QUIT' };
  };

  return {
    greeting: '220 loopback ESMTP\r\n',
    line: (line) => (data === undefined ? commandLine(line) : dataLine(line, data)),
  };
}

/** Headers and text as somebody reads them: soft line breaks and `=3D` of quoted-printable undone. */
function readable(lines: readonly string[]): string {
  const text = lines.join('\n');
  const [head = '', ...body] = text.split('\n\n');
  const plain = body.join('\n\n');
  if (/^content-transfer-encoding: base64/im.test(head))
    return `${head}\n\n${Buffer.from(plain, 'base64').toString('utf8')}`;
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return text;
  const bytes = plain
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_found, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `${head}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
}
