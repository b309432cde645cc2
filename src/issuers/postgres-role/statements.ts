import { type MarkedComment, writeMark } from './key-mark.ts';

/**
 * Everything asked of the server. Each question gives one row with one JSON value, `answer`, so that no type of a column
 * needs a parser. Statements that change something cannot take parameters and are quoted here; what one `change` sends
 * is one transaction, done whole or not at all.
 */

export const WHO_AM_I = `
SELECT json_build_object(
  'role', session_user,
  'database', current_database()
) AS answer`;

/** $1: the owner role. */
export const WHO_AM_I_OF = `
SELECT json_build_object(
  'role', session_user,
  'database', current_database(),
  'member', EXISTS (
    SELECT FROM pg_roles owner
    WHERE owner.rolname = $1 AND pg_has_role(session_user, owner.oid, 'MEMBER')
  )
) AS answer`;

export const ABOUT_ADMIN = `
SELECT json_build_object(
  'role', current_user,
  'superuser', rolsuper,
  'createRole', rolcreaterole,
  'version', current_setting('server_version_num')::int,
  'standby', pg_is_in_recovery(),
  'encryption', current_setting('password_encryption')
) AS answer
FROM pg_roles WHERE rolname = current_user`;

/** $1: names of roles. A role that does not exist is not in the answer. */
export const ABOUT_ROLES = `
SELECT coalesce(json_agg(json_build_object(
  'name', role.rolname,
  'canLogin', role.rolcanlogin,
  'superuser', role.rolsuper,
  'connectionLimit', role.rolconnlimit,
  'expired', coalesce(role.rolvaliduntil <= now(), false),
  'comment', shobj_description(role.oid, 'pg_authid'),
  'adminOption', pg_has_role(role.oid, 'MEMBER WITH ADMIN OPTION'),
  'sessions', (SELECT count(*) FROM pg_stat_activity session WHERE session.usesysid = role.oid),
  'memberOf', (
    SELECT coalesce(json_agg(DISTINCT owner.rolname), '[]')
    FROM pg_roles owner
    WHERE owner.oid <> role.oid AND pg_has_role(role.oid, owner.oid, 'MEMBER')
  ),
  'settings', (
    SELECT coalesce(json_agg(coalesce(place.datname || ': ', '') || setting ORDER BY 1), '[]')
    FROM pg_db_role_setting kept
    CROSS JOIN unnest(kept.setconfig) AS setting
    LEFT JOIN pg_database place ON place.oid = kept.setdatabase
    WHERE kept.setrole = role.oid
  )
)), '[]') AS answer
FROM pg_roles role WHERE role.rolname = ANY($1::name[])`;

/** `verifier`: what the server keeps of the password, never the password. */
export function setPassword(role: string, verifier: string): string {
  return `ALTER ROLE ${identifier(role)} WITH LOGIN PASSWORD ${literal(verifier)}`;
}

export function forbidLogin(role: string): string {
  return `ALTER ROLE ${identifier(role)} WITH NOLOGIN`;
}

export function allowLogin(role: string): string {
  return `ALTER ROLE ${identifier(role)} WITH LOGIN`;
}

export function clearPassword(role: string): string {
  return `ALTER ROLE ${identifier(role)} WITH NOLOGIN PASSWORD NULL`;
}

export function comment(role: string, marked: MarkedComment): string {
  const text = writeMark(marked);
  return `COMMENT ON ROLE ${identifier(role)} IS ${text === undefined ? 'NULL' : literal(text)}`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Right whatever `standard_conforming_strings` says: with a backslash in it, the form that knows escapes. */
function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}
