import { RotationError } from '../../core/errors/rotation-error.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';

const PAGE = '500';

/** Far above any namespace; past it, the server hands out pages without an end. */
const MOST_PAGES = 200;

/** All objects of a list, to its last page. @throws RotationError */
export async function readList(
  client: KubernetesClient,
  path: string,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const about = { subject: client.name, action: `list ${path.split('/').at(-1)}`, effect: 'read' } as const;
  const items: KubernetesObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: PAGE, ...(token === undefined ? {} : { continue: token }) };
    const told = await client.ask({ ...about, method: 'GET', path, query }, signal);
    const more = told['items'] ?? [];
    // What is missing from a list counts as unused, and may be removed.
    if (!Array.isArray(more) || !('items' in told))
      throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a list' });
    items.push(...(more as KubernetesObject[]));
    const next = (told['metadata'] as { continue?: unknown } | undefined)?.continue;
    if (typeof next !== 'string' || next === '') return items;
    token = next;
  }
  throw new RotationError('UNAVAILABLE', { ...about, reason: `the list has more than ${MOST_PAGES} pages` });
}
