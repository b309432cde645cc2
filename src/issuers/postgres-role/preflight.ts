import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Access } from './access.ts';
import { isLocal, visit } from './connection.ts';
import { refuseDamagedPassword, USERNAME_PART } from './password.ts';
import { type AdminFacts, type RoleFacts, readAdmin, readRoles } from './role-facts.ts';
import { adminFindings, type Draft, pairFindings, roleFindings, turnFindings } from './role-findings.ts';

interface Alternating extends Access {
  readonly roles: readonly [string, string];
  readonly owner: string;
}

/** Everything that would stop the password from being set, the services from moving, or the old role from being switched off. */
export function preflightAlternating(
  { roles, owner, server, admin }: Alternating,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const current = oldKey[USERNAME_PART]?.reveal();
  return reported(server.name, async () => [
    ...formatFindings(oldKey, server.name),
    ...inTheClear(server),
    ...(await visit(server, await admin(), { action: 'look at the roles', signal }, async (session) => {
      const self = await readAdmin(session);
      const found = await readRoles(session, roles);
      return [
        ...adminFindings(self),
        ...roles.flatMap((name) => roleFindings(name, found.get(name), self)),
        ...turnFindings(roles, found, current),
        ...pairFindings(roles, found, owner),
      ];
    })),
  ]);
}

interface Single extends Access {
  readonly role: string;
}

export function preflightSingle(
  { role, server, admin }: Single,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return reported(server.name, async () => [
    ...formatFindings(oldKey, server.name),
    ...inTheClear(server),
    NO_OVERLAP,
    ...(await visit(server, await admin(), { action: 'look at the role', signal }, async (session) => {
      const self: AdminFacts = await readAdmin(session);
      const found: RoleFacts | undefined = (await readRoles(session, [role])).get(role);
      return [...adminFindings(self), ...roleFindings(role, found, self)];
    })),
  ]);
}

const NO_OVERLAP: Draft = {
  severity: 'warning',
  code: 'REFUSED',
  message:
    'There is no overlap: new connections are refused from the moment the password is set until the service has the new one, and nothing brings the old one back.',
  hint: 'Let two roles take turns (`strategy: alternate`) where a service may not fail in between; connections that are open stay open.',
};

function formatFindings(oldKey: Credential, subject: string): Draft[] {
  try {
    refuseDamagedPassword(oldKey, subject);
    return [];
  } catch (error) {
    if (!isRotationError(error)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}

/** SCRAM keeps the password safe all the same; what is asked and answered is not. */
function inTheClear({ tls, host }: Access['server']): Draft[] {
  if (tls !== false || isLocal(host)) return [];
  return [
    {
      severity: 'warning',
      code: 'UNAVAILABLE',
      message: `The connection to ${host} is not encrypted: whoever is on the way can read and change what is sent.`,
      hint: 'Set `tls: verify`.',
    },
  ];
}

/** What cannot be looked at is a finding too, unless it may be asked again. */
async function reported(subject: string, look: () => Promise<readonly Draft[]>): Promise<readonly Finding[]> {
  try {
    return (await look()).map((draft) => ({ ...draft, subject }));
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    const hint =
      error.code === 'UNAUTHENTICATED'
        ? 'Correct `admin` in the config: the server refused that login.'
        : error.hint;
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint }];
  }
}
