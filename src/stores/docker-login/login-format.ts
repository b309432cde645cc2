import { RotationError } from '../../core/errors/rotation-error.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import { isObjectText, membersOf } from '../../lib/store/json-members.ts';
import { withFields } from '../../lib/store/json-text.ts';
import type { TextFormat } from '../../lib/text-file/text-format.ts';
import { changedLogin, fieldOf, type Login } from './login.ts';

/** A piece of JSON text, and where it stands. */
interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The login to one registry in a config.json, edited so that every other byte of the file stays. */
export function loginFormat(registry: string): TextFormat {
  return {
    nameOf: (field) => (field === WHOLE ? `login to ${registry}` : `${field} for ${registry}`),
    problemOf: () => undefined,
    valueOf: (text, field, subject) => {
      const login = loginIn(entryOf(text, registry, subject), subject);
      return login && fieldOf(login, field);
    },
    edit: (text, changes, subject) => {
      const entry = entryOf(text, registry, subject);
      const login = loginIn(entry, subject);
      if (entry === undefined || login === undefined)
        throw new RotationError('NOT_FOUND', { subject, reason: `it has no login to ${registry}` });
      const next = changedLogin(login, Object.fromEntries(changes), subject);
      const edited = withFields(entry.text, spelled(entry, login, next));
      return text.slice(0, entry.start) + edited + text.slice(entry.end);
    },
  };
}

/** Undefined when there is none. @throws RotationError REFUSED when the file is not JSON */
function entryOf(text: string, registry: string, subject: string): Piece | undefined {
  if (!isObjectText(text))
    throw new RotationError('REFUSED', { subject, reason: 'it is not a config.json of docker' });
  const auths = memberOf({ text, start: 0, end: text.length }, 'auths');
  return auths && memberOf(auths, registry);
}

function memberOf(piece: Piece, name: string): Piece | undefined {
  if (!isObjectText(piece.text)) return undefined;
  // Of a name that occurs twice, the last counts.
  const member = membersOf(piece.text).findLast((each) => each.name === name);
  if (member === undefined) return undefined;
  const { valueStart, valueEnd } = member;
  return {
    text: piece.text.slice(valueStart, valueEnd),
    start: piece.start + valueStart,
    end: piece.start + valueEnd,
  };
}

/** `{"auth":"base64(USER:PASSWORD)"}`, beside it an `identitytoken` that goes before the password. */
function loginIn(entry: Piece | undefined, subject: string): Login | undefined {
  if (entry === undefined || !isObjectText(entry.text)) return undefined;
  refuseTwins(entry.text, subject);
  const { auth, identitytoken } = JSON.parse(entry.text) as { auth?: unknown; identitytoken?: unknown };
  const plain = typeof auth === 'string' ? textOf(auth, subject) : '';
  const colon = plain.indexOf(':');
  const username = colon === -1 ? plain : plain.slice(0, colon);
  if (typeof identitytoken === 'string' && identitytoken !== '') return { username, secret: identitytoken };
  return colon === -1 ? undefined : { username, secret: plain.slice(colon + 1) };
}

/** The last one counts for the docker CLI: an edit of another would change nothing. @throws RotationError REFUSED */
function refuseTwins(text: string, subject: string): void {
  const names = membersOf(text).map(({ name }) => name);
  for (const name of ['auth', 'identitytoken']) {
    const times = names.filter((each) => each === name).length;
    if (times < 2) continue;
    const reason = `the login to the registry has the key "${name}" ${times} times`;
    throw new RotationError('REFUSED', { subject, reason, hint: 'Leave one of them in the file.' });
  }
}

function spelled({ text }: Piece, old: Login, { username, secret }: Login): Readonly<Record<string, string>> {
  const { identitytoken } = JSON.parse(text) as { identitytoken?: unknown };
  const withToken = typeof identitytoken === 'string' && identitytoken !== '';
  // What stands beside a token stays: without a user, the CLI would take the whole file for broken.
  if (withToken && username === old.username) return { identitytoken: secret };
  const password = withToken ? '' : secret;
  const auth = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return withToken ? { auth, identitytoken: secret } : { auth };
}

function textOf(auth: string, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(auth, 'base64'));
  } catch {
    const reason = `the login to the registry is not text: it could not be put back as it was`;
    throw new RotationError('REFUSED', { subject, reason });
  }
}
