import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot, WriteContext } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { assertNoWorkloadNames } from './assert-unnamed.ts';
import type { Cluster, Live } from './find-live.ts';
import { replacedBy } from './generation.ts';
import { pointTo } from './point-to.ts';
import { removeUnused } from './remove-unused.ts';
import { encoded, type SecretObject, valuesIn } from './secret-object.ts';
import { secretRef } from './secret-ref.ts';
import { nameIn } from './version.ts';

interface Place {
  readonly client: KubernetesClient;
  readonly cluster: Cluster;
  /** Of the slot, for errors. */
  readonly subject: string;
}

const ACTION = 'bring the old value back';

/** Writes the old values back, in one patch that is refused when somebody else has written since. */
export async function restoreValues(
  { cluster, subject }: Place,
  { secret }: Live,
  slot: Slot,
  { values: old, pushed }: Restoration,
  { signal }: WriteContext,
): Promise<void> {
  if (old === undefined) {
    const hint = 'Write the old value there by hand, then run `keyturn resume`.';
    throw new RotationError('REFUSED', {
      subject,
      action: ACTION,
      reason: 'the old value is not known',
      hint,
    });
  }
  const now = valuesIn(secret, slot.fields, subject);
  const changed = slot.fields.filter((field) => !same(now[field], old[field]));
  const foreign = changed.find((field) => !same(now[field], pushed[field]));
  if (foreign !== undefined)
    throw drifted(subject, `${foreign} holds neither the pushed value nor the old one`);
  if (changed.length === 0) return;
  const kept = encoded(old);
  await cluster.secrets.patch(
    secret,
    {
      metadata: { resourceVersion: secret.resourceVersion },
      // A key that was not there before goes again.
      data: Object.fromEntries(changed.map((field) => [field, kept[field] ?? null])),
    },
    signal,
  );
}

/** Points the workloads back to the Secret that was replaced, and removes the one that replaced it. */
export async function pointBack(
  place: Place,
  { secret, successor, users }: Live,
  slot: Slot,
  { before, pushed }: Restoration,
  ctx: WriteContext,
): Promise<void> {
  const { client, cluster, subject } = place;
  const { signal } = ctx;
  const wanted = nameIn(before);
  const ours = successor ?? secret;
  if (ours.name === wanted) return removeUnused(place, secretRef(slot, cluster.name).name, ours, ctx);
  const old = replacedBy(ours);
  if (old === undefined || old !== wanted)
    throw drifted(subject, `its workloads name ${ours.name}, which this rotation has not made`);
  const now = valuesIn(ours, slot.fields, subject);
  if (slot.fields.some((field) => !same(now[field], pushed[field])))
    throw drifted(subject, `${ours.name} does not hold what this rotation pushed`);
  await assertThere(cluster, { ...ours, name: old }, subject, signal);
  await pointTo(client, users, { from: ours.name, to: old }, subject, signal);
  const words = {
    action: 'remove the Secret that the push has made',
    hint: `Point them to ${old}; then run \`keyturn resume\`.`,
  };
  await assertNoWorkloadNames(cluster, ours, words, signal);
  await cluster.secrets.remove(ours, signal);
}

async function assertThere(
  { secrets }: Cluster,
  old: Pick<SecretObject, 'namespace' | 'name'>,
  subject: string,
  signal: AbortSignal,
): Promise<void> {
  if ((await secrets.get(old, signal)) !== undefined) return;
  throw new RotationError('REFUSED', {
    subject,
    action: ACTION,
    reason: `the Secret ${old.name} is not there any more`,
    hint: `Make it again with the old value, then run \`keyturn resume\`.`,
  });
}

function drifted(subject: string, reason: string): RotationError {
  return new RotationError('DRIFT', { subject, action: ACTION, reason });
}

function same(left: Secret | undefined, right: Secret | undefined): boolean {
  return left === undefined || right === undefined ? left === right : left.equals(right);
}
