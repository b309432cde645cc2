import { RotationError } from '../../core/errors/rotation-error.ts';
import type { BitbucketClient } from './bitbucket-client.ts';
import type { Place } from './place.ts';
import { readList } from './read-list.ts';

/** Gives the path of the variables of a place. @throws RotationError NOT_FOUND when there is no such environment */
export type FindVariables = (place: Place, subject: string, signal: AbortSignal) => Promise<string>;

/**
 * Environments have names for people and UUIDs for the API. One that was found is kept: another environment that takes
 * its name in the middle of a rotation is not written to.
 */
export function variablePaths(client: BitbucketClient): FindVariables {
  const known = new Map<string, string>();
  return async (place, subject, signal) => {
    if (place.kind !== 'deployment') return place.path;
    const { repository, environment } = place;
    const key = `${repository}/${environment}`;
    const uuid = known.get(key) ?? (await uuidOf(client, { repository, environment }, subject, signal));
    known.set(key, uuid);
    return `${repository}/deployments_config/environments/${encodeURIComponent(uuid)}/variables`;
  };
}

async function uuidOf(
  client: BitbucketClient,
  { repository, environment }: { readonly repository: string; readonly environment: string },
  subject: string,
  signal: AbortSignal,
): Promise<string> {
  const about = { subject, action: 'look up the deployment environment' };
  const all = await readList(client, `${repository}/environments`, about, signal);
  const found = all.find(({ uuid, name }) => uuid === environment || name === environment);
  if (typeof found?.['uuid'] === 'string') return found['uuid'];
  const names = all.map(({ name }) => String(name)).join(', ');
  throw new RotationError('NOT_FOUND', {
    ...about,
    reason: `the repository has no environment called ${environment}; it has ${names === '' ? 'none' : names}`,
  });
}
