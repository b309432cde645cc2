import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import { isGeneration, looksLikeGeneration, replacedBy } from './generation.ts';
import type { SecretApi } from './secret-api.ts';
import type { SecretObject } from './secret-object.ts';
import type { SecretRef } from './secret-ref.ts';
import type { Workload, Workloads } from './workloads.ts';

/** The Secret that a slot stands for now. */
export interface Live {
  readonly secret: SecretObject;
  /** Of an immutable one: the workloads that name it, or its successor. */
  readonly users: readonly Workload[];
  /** A switch was cut in half: some of the users name this one already. */
  readonly successor: SecretObject | undefined;
}

export interface Cluster {
  /** Name of the store, for errors. */
  readonly name: string;
  readonly secrets: SecretApi;
  /** That are pointed to another Secret. */
  readonly workloads: Workloads;
  /** These, and others that may name one of its Secrets. */
  readonly knownWorkloads: Workloads;
}

/**
 * A Secret that can be changed is the slot itself. An immutable one goes through names, and what its workloads name is
 * what counts. Undefined when there is neither a Secret of that name nor one that took its place.
 * @throws RotationError DRIFT when the workloads name several, none of which replaces another
 */
export async function findLive(
  { name: store, secrets, workloads }: Cluster,
  ref: SecretRef,
  signal: AbortSignal,
): Promise<Live | undefined> {
  const own = await secrets.get(ref, signal);
  if (own !== undefined && !own.immutable) return { secret: own, users: [], successor: undefined };

  const users = (await lookThrough(workloads, ref, own === undefined, signal)).filter(({ references }) =>
    references.some(({ name }) => looksLikeGeneration(name, ref.name)),
  );
  const generations = await Promise.all(
    namesIn(users, ref.name).map((name) =>
      name === own?.name ? own : secrets.get({ namespace: ref.namespace, name }, signal),
    ),
  );
  const live = generations.filter((each) => each !== undefined && isGeneration(each, ref.name));
  const [one, other] = live;
  if (one === undefined) return own && { secret: own, users: [], successor: undefined };
  if (other === undefined) return { secret: one, users, successor: undefined };
  if (live.length === 2) {
    if (replacedBy(other) === one.name) return { secret: one, users, successor: other };
    if (replacedBy(one) === other.name) return { secret: other, users, successor: one };
  }
  throw new RotationError('DRIFT', {
    subject: `${store}/${ref.namespace}/${ref.name}`,
    reason: `its workloads name several Secrets for it: ${live.map((each) => each?.name).join(', ')}`,
    hint: 'Point them all to one of these, then run the command again.',
  });
}

/** Where the Secret does not exist, a cluster that does not let us look says no more than that. */
async function lookThrough(
  workloads: Workloads,
  { namespace }: SecretRef,
  absent: boolean,
  signal: AbortSignal,
): Promise<readonly Workload[]> {
  try {
    return await workloads(namespace, signal);
  } catch (error) {
    if (absent && isRotationError(error, 'PERMISSION_DENIED')) return [];
    throw error;
  }
}

function namesIn(users: readonly Workload[], slotName: string): readonly string[] {
  const names = users.flatMap(({ references }) => references.map(({ name }) => name));
  return [...new Set(names)].filter((name) => looksLikeGeneration(name, slotName));
}
