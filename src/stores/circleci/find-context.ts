import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CircleciClient } from '../../lib/circleci/circleci-client.ts';
import { readList } from '../../lib/circleci/read-list.ts';

export type ContextIds = (name: string, place: string, signal: AbortSignal) => Promise<string | undefined>;

/**
 * Names of contexts are unique in an organization. An id that was found is kept: a context that takes the name of
 * another one in the middle of a rotation is not written to.
 */
export function contextIds(client: CircleciClient, organization: string | undefined): ContextIds {
  const known = new Map<string, string>();
  return async (name, place, signal) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const about = { subject: place, action: 'look up the context' };
    if (organization === undefined) {
      throw new RotationError('CONFIG_INVALID', {
        ...about,
        reason: 'its `ref` calls a context by name, and the store does not say of which organization',
        hint: 'Give the store `organization: gh/acme`, or write the UUID of the context into `ref`.',
      });
    }
    const owner = organization.includes('/') ? 'owner-slug' : 'owner-id';
    const contexts = await readList(
      client,
      { path: '/context', query: { [owner]: organization } },
      about,
      signal,
    );
    for (const { id, name: each } of contexts)
      if (typeof id === 'string' && typeof each === 'string') known.set(each, id);
    return known.get(name);
  };
}
