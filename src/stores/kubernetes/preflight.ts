import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName } from '../../lib/kubernetes/workload.ts';
import { reported } from '../../lib/store/reported.ts';
import { type Cluster, findLive, type Live } from './find-live.ts';
import { successorBody } from './generation.ts';
import { keeperFindings } from './keepers.ts';
import { permissionFindings } from './permissions.ts';
import { pointOne, usersOf } from './point-to.ts';
import { unused } from './replace-immutable.ts';
import { valuesIn } from './secret-object.ts';
import { secretRef } from './secret-ref.ts';

export interface Place {
  readonly client: KubernetesClient;
  readonly cluster: Cluster;
}

/** Everything that would stop a write or a restore. The server itself tries the write, and keeps nothing of it. */
export async function preflightSlot(slot: Slot, place: Place, { signal }: CallContext): Promise<SlotReport> {
  const subject = `${place.cluster.name}/${slot.ref}`;
  const findings = await reported(subject, async () => {
    const ref = secretRef(slot, place.cluster.name);
    const live = await findLive(place.cluster, ref, signal);
    if (live === undefined) return [{ severity: 'error', code: 'NOT_FOUND', subject, ...ABSENT }];
    const tried = live.secret.immutable ? tryReplacement : tryPatch;
    return [
      ...keeperFindings(live.secret, subject),
      ...(await reported(subject, async () => valueFindings(live, slot, subject))),
      ...(await tried(place, live, slot, signal)),
    ];
  });
  return { findings, restore: 'value', cas: true };
}

const ABSENT = {
  message: 'there is no such Secret',
  hint: 'Make it first, with any value; keyturn does not. Check the namespace and the context too.',
} as const;

function valueFindings({ secret }: Live, slot: Slot, subject: string): Finding[] {
  const values = valuesIn(secret, slot.fields, subject);
  return slot.fields
    .filter((field) => values[field] === undefined)
    .map((field) => ({
      severity: 'warning',
      code: 'NOT_FOUND',
      subject,
      message: `the Secret has no value under ${field}; a push would add it`,
      hint: 'Check the spelling of `field`.',
    }));
}

/** The values that are there already, written for show: permission, admission and validation say all they have to say. */
async function tryPatch(
  { cluster }: Place,
  { secret }: Live,
  slot: Slot,
  signal: AbortSignal,
): Promise<Finding[]> {
  const own = slot.fields.flatMap((field) => {
    const value = secret.data[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return reported(`${cluster.name}/${slot.ref}`, async () => {
    await cluster.secrets.tryPatch(secret, { data: Object.fromEntries(own) }, signal);
    return [];
  });
}

async function tryReplacement(
  { client, cluster }: Place,
  { secret, users }: Live,
  slot: Slot,
  signal: AbortSignal,
): Promise<Finding[]> {
  const subject = `${cluster.name}/${slot.ref}`;
  const using = usersOf(users, secret.name);
  if (using.length === 0) return reported(subject, () => Promise.reject(unused(subject)));
  const known = await cluster.knownWorkloads(secret.namespace, signal);
  const left = usersOf(known, secret.name).map(displayName);
  const slotName = secretRef(slot, cluster.name).name;
  const name = `${slotName}-0000000000`;
  const made = await reported(subject, async () => {
    const body = successorBody(secret, { name, slotName, rotationId: 'preflight' }, {});
    await cluster.secrets.tryCreate(secret.namespace, body, signal);
    return [];
  });
  const pointed = await Promise.all(
    using.map((workload) =>
      reported(subject, async () => {
        await pointOne(client, workload, { from: secret.name, to: name }, { signal, dryRun: true });
        return [];
      }),
    ),
  );
  return [
    {
      severity: 'info',
      code: 'REFUSED',
      subject,
      message: `it is immutable: a push makes another Secret and restarts the pods of ${using.map(displayName).join(', ')}`,
    },
    ...forgotten(
      left.filter((each) => !using.map(displayName).includes(each)),
      subject,
    ),
    ...made,
    ...pointed.flat(),
    ...(await permissionFindings(client, secret.namespace, subject, signal)),
  ];
}

function forgotten(workloads: readonly string[], subject: string): Finding[] {
  if (workloads.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'REFUSED',
      subject,
      message: `it is named outside of \`workloads\` by ${workloads.join(', ')}: these keep the old key, and the replaced Secret cannot be removed`,
      hint: 'Name them in `workloads` of the store, or leave `workloads` out.',
    },
  ];
}
