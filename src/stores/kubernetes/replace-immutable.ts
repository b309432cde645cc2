import type { Fields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Version, WriteContext } from '../../core/plugins/store.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import type { Cluster, Live } from './find-live.ts';
import { replacedBy, successorBody, successorName } from './generation.ts';
import { pointTo, usersOf } from './point-to.ts';
import type { SecretObject } from './secret-object.ts';
import { versionOf } from './version.ts';

/**
 * Makes a Secret with the new values under another name, and points the workloads to it. What a cut left half done is
 * completed: the name is the same for every attempt of the same push.
 * @param values field → base64
 * @throws RotationError INDETERMINATE when some of the workloads are switched
 */
export async function replaceImmutable(
  { client, cluster }: { readonly client: KubernetesClient; readonly cluster: Cluster },
  live: Live,
  slotName: string,
  values: Fields<string>,
  ctx: WriteContext,
): Promise<Version> {
  const { secret: old, users, successor } = live;
  const subject = `${cluster.name}/${old.namespace}/${slotName}`;
  if (users.length === 0) throw unused(subject);
  const name = successorName(slotName, old, ctx.idempotencyToken);
  if (successor !== undefined && successor.name !== name) {
    throw new RotationError('CONFLICT', {
      subject,
      reason: `some of its workloads name ${successor.name} already, which another push has made`,
    });
  }
  const next = successor ?? (await make(cluster, live, { name, slotName, values }, ctx));
  try {
    await pointTo(client, users, { from: old.name, to: next.name }, subject, ctx.signal);
  } catch (error) {
    if (successor === undefined && isCertain(error)) await removeUnused(cluster, next);
    throw error;
  }
  return versionOf(next);
}

export function unused(subject: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: 'it is immutable, and no workload names it that could be pointed to another Secret',
    hint: 'Name its workloads in `workloads` of the store, or make the Secret anew without `immutable`.',
  });
}

async function make(
  { secrets, name: store }: Cluster,
  { secret: old }: Live,
  next: { readonly name: string; readonly slotName: string; readonly values: Fields<string> },
  { signal, rotationId }: WriteContext,
): Promise<SecretObject> {
  const body = successorBody(old, { ...next, rotationId }, next.values);
  try {
    return await secrets.create(old.namespace, body, signal);
  } catch (error) {
    if (!isRotationError(error, 'CONFLICT')) throw error;
    // An attempt of this very push was cut after it.
    const there = await secrets.get({ namespace: old.namespace, name: next.name }, signal);
    // A quota that is being written to says so too.
    if (there === undefined) throw error;
    if (isTheSame(there, old, next.values)) return there;
    throw new RotationError(
      'CONFLICT',
      {
        subject: `${store}/${old.namespace}/${next.name}`,
        reason: 'somebody else has made a Secret of this name',
      },
      { cause: error },
    );
  }
}

function isTheSame(there: SecretObject, old: SecretObject, values: Fields<string>): boolean {
  const wanted = { ...old.data, ...values };
  return (
    there.immutable &&
    replacedBy(there) === old.name &&
    Object.keys(there.data).length === Object.keys(wanted).length &&
    Object.entries(wanted).every(([key, value]) => there.data[key] === value)
  );
}

/** Whether the failed switch certainly did nothing. */
function isCertain(error: unknown): boolean {
  return isRotationError(error) && !['INDETERMINATE', 'INTERNAL'].includes(error.code);
}

/**
 * The error is told in any case; what is left behind harms nobody. A request of an attempt that was cut may have
 * pointed a workload to it late: then it stays.
 */
async function removeUnused({ secrets, workloads }: Cluster, secret: SecretObject): Promise<void> {
  const { signal } = new AbortController();
  try {
    const users = usersOf(await workloads(secret.namespace, signal), secret.name);
    if (users.length === 0) await secrets.remove(secret, signal);
  } catch {
    // As said.
  }
}
