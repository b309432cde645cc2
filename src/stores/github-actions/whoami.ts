import type { StoreIdentity } from '../../core/plugins/store.ts';
import { apiUrl } from '../../lib/github/address.ts';
import type { GithubClient } from '../../lib/github/github-client.ts';
import { githubError } from '../../lib/github/github-error.ts';
import { userIn } from '../../lib/github/user.ts';
import { type About, recordIn, strangeAnswer } from '../../lib/http/answer.ts';
import type { GithubActionsOptions } from './options.ts';

/** A token is asked who its user is, an App which of its installations it speaks for. */
export async function askWhoami(
  client: GithubClient,
  { address, auth }: Pick<GithubActionsOptions, 'address' | 'auth'>,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const at = apiUrl(address);
  if (auth.method === 'app') return askInstallation(client, auth.installationId, at, signal);
  const about: About = { subject: client.name, action: 'ask who we are', effect: 'read' };
  if (!(await client.authorization.isUser(signal))) return askRepositories(client, about, at, signal);
  const answer = await client.send({ ...about, method: 'GET', path: '/user' }, signal);
  if (answer.status !== 200) throw githubError(answer, about);
  const { login, id } = userIn(answer, about);
  return { display: `${login} at ${at}`, attributes: { login, userId: String(id), address: at } };
}

/** A token of an installation that somebody else made cannot ask who it is; what it may see belongs to one account. */
async function askRepositories(
  client: GithubClient,
  about: About,
  at: string,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const path = '/installation/repositories?per_page=1';
  const answer = await client.send({ ...about, method: 'GET', path }, signal);
  if (answer.status !== 200) throw githubError(answer, about);
  const { repositories } = recordIn(answer, about) as {
    repositories?: { owner?: { login?: unknown } }[];
  };
  const account = repositories?.[0]?.owner?.login;
  if (typeof account !== 'string')
    return { display: `an installation at ${at}`, attributes: { address: at } };
  return { display: `an installation in ${account}, at ${at}`, attributes: { account, address: at } };
}

async function askInstallation(
  client: GithubClient,
  installationId: string,
  at: string,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  const about: About = { subject: client.name, action: 'ask which installation we are', effect: 'read' };
  const path = `/app/installations/${installationId}`;
  const answer = await client.send({ ...about, method: 'GET', path, as: 'app' }, signal);
  if (answer.status !== 200) throw githubError(answer, about);
  const body = recordIn(answer, about) as { app_slug?: unknown; account?: { login?: unknown } | null };
  const [app, account] = [body.app_slug, body.account?.login];
  if (typeof app !== 'string' || typeof account !== 'string') throw strangeAnswer(answer, about);
  return {
    display: `the App ${app}, installed in ${account}, at ${at}`,
    attributes: { app, account, installation: installationId, address: at },
  };
}
