import type { Refusal } from './emulated-messages.ts';
import { ABOUT_ADMIN, ABOUT_ROLES, WHO_AM_I, WHO_AM_I_OF } from './statements.ts';

export interface EmulatedRole {
  canLogin: boolean;
  verifier: string | undefined;
  comment: string | null;
  superuser: boolean;
  createRole: boolean;
  connectionLimit: number;
  expired: boolean;
  adminOption: boolean;
  sessions: number;
  memberOf: string[];
  settings: string[];
}

/** The roles of one server, and its answers to the statements that keyturn sends. */
export interface EmulatedRoles {
  readonly roles: Map<string, EmulatedRole>;
  readonly server: { version: number; standby: boolean; encryption: string };
  database: string;
  add(name: string, facts?: Partial<EmulatedRole>): EmulatedRole;
  /** The JSON value of a question. @throws Refusal */
  ask(question: string, parameters: readonly (string | null)[], user: string): unknown;
  /** Whether a text changes something. */
  isChange(text: string): boolean;
  /** All statements of a text, or none. @throws Refusal */
  change(text: string, user: string): void;
}

export function emulatedRoles(): EmulatedRoles {
  const roles = new Map<string, EmulatedRole>();
  const server = { version: 170_005, standby: false, encryption: 'scram-sha-256' };
  const state: EmulatedRoles = {
    roles,
    server,
    database: 'app',
    add: (name, facts = {}) => {
      const role = { ...NOBODY, memberOf: [], settings: [], ...facts };
      roles.set(name, role);
      return role;
    },
    ask: (question, parameters, user) => {
      const [parameter] = parameters;
      switch (question) {
        case WHO_AM_I:
          return { role: user, database: state.database };
        case WHO_AM_I_OF: {
          const member = roles.get(user)?.memberOf.includes(parameter ?? '') === true;
          return { role: user, database: state.database, member };
        }
        case ABOUT_ADMIN: {
          const { superuser, createRole } = roles.get(user) ?? NOBODY;
          return { role: user, superuser, createRole, ...server };
        }
        case ABOUT_ROLES:
          return namesIn(parameter ?? '').flatMap((name) => {
            const role = roles.get(name);
            if (role === undefined) return [];
            const { verifier: _verifier, createRole: _createRole, ...told } = role;
            return { name, ...told };
          });
        default:
          throw refusal('42601', 'the emulator does not know this question');
      }
    },
    isChange: (text) => /^(ALTER|COMMENT)\b/.test(text),
    change: (text, user) => {
      if (server.standby) throw refusal('25006', 'cannot execute ALTER ROLE in a read-only transaction');
      const deeds = text
        .split(';\n')
        .map((statement) => deedOf(statement, roles, roles.get(user), server.version));
      for (const deed of deeds) deed();
    },
  };
  return state;
}

const NOBODY: EmulatedRole = {
  canLogin: false,
  verifier: undefined,
  comment: null,
  superuser: false,
  createRole: false,
  connectionLimit: -1,
  expired: false,
  adminOption: true,
  sessions: 0,
  memberOf: [],
  settings: [],
};

const ALTER =
  /^ALTER ROLE "((?:[^"]|"")+)" WITH (?:(NOLOGIN PASSWORD NULL)|(NOLOGIN)|LOGIN(?: PASSWORD '(SCRAM-SHA-256\$[^']+)')?)$/;
const COMMENT = /^COMMENT ON ROLE "((?:[^"]|"")+)" IS (?:NULL|E?'((?:[^']|'')*)')$/;

/** What a statement would do. @throws Refusal before anything is done */
function deedOf(
  statement: string,
  roles: ReadonlyMap<string, EmulatedRole>,
  self: EmulatedRole | undefined,
  version: number,
): () => void {
  const [, altered, cleared, off, verifier] = ALTER.exec(statement) ?? [];
  const [, commented, text] = COMMENT.exec(statement) ?? [];
  const quoted = altered ?? commented;
  // A password in plaintext is refused here as well: it must never be sent.
  if (quoted === undefined) throw refusal('42601', 'syntax error');
  const name = quoted.replaceAll('""', '"');
  const role = roles.get(name);
  if (role === undefined) throw refusal('42704', `role "${name}" does not exist`);
  const allowed =
    self?.superuser === true ||
    (self?.createRole === true && !role.superuser && (version < 160_000 || role.adminOption));
  if (!allowed) throw refusal('42501', 'permission denied to alter role');
  if (commented !== undefined) {
    const comment = text?.replaceAll("''", "'").replaceAll('\\\\', '\\') ?? null;
    return () => Object.assign(role, { comment });
  }
  if (cleared !== undefined) return () => Object.assign(role, { canLogin: false, verifier: undefined });
  if (off !== undefined) return () => Object.assign(role, { canLogin: false });
  return () => Object.assign(role, { canLogin: true, ...(verifier === undefined ? {} : { verifier }) });
}

/** `{"a","b"}`, the text form of an array. */
function namesIn(array: string): string[] {
  return [...array.matchAll(/"((?:[^"\\]|\\.)*)"|([^{},"]+)/g)].map(
    ([, quoted, bare]) => quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '',
  );
}

export function refusal(code: string, message: string, routine?: string): Refusal {
  return { code, message, ...(routine === undefined ? {} : { routine }) };
}
