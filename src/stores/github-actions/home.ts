import type { Finding } from '../../core/finding.ts';
import { githubError } from '../../lib/github/github-error.ts';
import { type About, recordIn } from '../../lib/http/answer.ts';
import type { Asking } from './asking.ts';
import { scopeMissing } from './rights.ts';
import type { Scope } from './scope.ts';

interface Home {
  readonly archived?: unknown;
  readonly permissions?: { readonly admin?: unknown; readonly push?: unknown };
}

/** What the repository or organisation says of itself, and the answer's headers of our token. */
export async function homeFindings(scope: Scope, { client, place, signal }: Asking): Promise<Finding[]> {
  const what = scope.kind === 'organization' ? 'organisation' : 'repository';
  const about: About = { subject: place, action: `look at the ${what}`, effect: 'read' };
  const answer = await client.send({ ...about, method: 'GET', path: scope.home }, signal);
  if (answer.status !== 200) {
    const { code, message, hint } = githubError(answer, about);
    if (code !== 'NOT_FOUND') throw githubError(answer, about);
    return [{ severity: 'error', code, subject: place, message, hint }];
  }
  const home = recordIn(answer, about) as Home;
  const findings: Finding[] = [];
  if (home.archived === true) {
    const message = 'the repository is archived: its secrets cannot be changed';
    findings.push({ severity: 'error', code: 'REFUSED', subject: place, message });
  }
  const isUser = await client.authorization.isUser(signal);
  if (isUser && home.permissions?.push === false && home.permissions.admin === false) {
    const message = 'this user may only read the repository: writing secrets needs write access';
    findings.push({ severity: 'error', code: 'PERMISSION_DENIED', subject: place, message });
  }
  const missing = scopeMissing(scope, answer.headers['x-oauth-scopes']);
  if (missing !== undefined) {
    const message = `the token lacks the scope \`${missing}\``;
    findings.push({ severity: 'error', code: 'PERMISSION_DENIED', subject: place, message });
  }
  return findings;
}
