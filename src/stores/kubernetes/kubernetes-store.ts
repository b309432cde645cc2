import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store, Version } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { openKubernetes } from '../../lib/kubernetes/kubernetes-client.ts';
import { askWhoami } from '../../lib/kubernetes/whoami.ts';
import { type Cluster, findLive, type Live } from './find-live.ts';
import type { KubernetesOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { removeReplaced } from './remove-replaced.ts';
import { removeUnused } from './remove-unused.ts';
import { replaceImmutable } from './replace-immutable.ts';
import { pointBack, restoreValues } from './restore-secret.ts';
import { createSecretApi } from './secret-api.ts';
import { encoded, valuesIn } from './secret-object.ts';
import { secretRef } from './secret-ref.ts';
import { nameIn, versionOf } from './version.ts';
import { knownWorkloadsOf, workloadsOf } from './workloads.ts';

/** Of all values of a Secret together; the server holds the sum to it. */
const LARGEST = 1_048_576;

export async function openKubernetesStore(options: KubernetesOptions, open: OpenContext): Promise<Store> {
  const client = await openKubernetes(options, open);
  const { name } = open;
  const cluster: Cluster = {
    name,
    secrets: createSecretApi(client),
    workloads: workloadsOf(client, options.workloads),
    knownWorkloads: knownWorkloadsOf(client, options.workloads),
  };
  const subjectOf = ({ ref }: Slot): string => `${name}/${ref}`;

  const liveOf = async (slot: Slot, { signal }: CallContext): Promise<Live> => {
    const live = await findLive(cluster, secretRef(slot, name), signal);
    if (live !== undefined) return live;
    throw new RotationError('NOT_FOUND', { subject: subjectOf(slot), reason: 'there is no such Secret' });
  };

  return {
    whoami: ({ signal }) => askWhoami(client, signal),

    preflight: (slot, ctx) => preflightSlot(slot, { client, cluster }, ctx),

    read: async (slot, { signal }) => {
      const live = await findLive(cluster, secretRef(slot, name), signal);
      if (live === undefined) return undefined;
      const { secret, successor } = live;
      return {
        fields: valuesIn(secret, slot.fields, subjectOf(slot)),
        version: versionOf(secret),
        ...(successor === undefined ? {} : { unsettled: true }),
        ...(secret.immutable && secret.createdAt !== undefined ? { updatedAt: secret.createdAt } : {}),
      };
    },

    write: async (slot, values, expected, ctx) => {
      assertFits(values, subjectOf(slot));
      const live = await liveOf(slot, ctx);
      const { secret, successor } = live;
      const data = encoded(values);
      if (secret.immutable) {
        const there = Object.entries(data).every(([field, value]) => secret.data[field] === value);
        if (there && successor === undefined) return { version: versionOf(secret) };
        assertCurrent(versionOf(secret), expected, subjectOf(slot));
        const slotName = secretRef(slot, name).name;
        return { version: await replaceImmutable({ client, cluster }, live, slotName, data, ctx) };
      }
      // Of an immutable one that was there before: the server breaks on such a version.
      if (nameIn(expected) !== undefined) assertCurrent(versionOf(secret), expected, subjectOf(slot));
      const metadata = expected === undefined ? {} : { metadata: { resourceVersion: expected } };
      return { version: versionOf(await cluster.secrets.patch(secret, { ...metadata, data }, ctx.signal)) };
    },

    restore: async (slot, restoration, ctx) => {
      const live = await liveOf(slot, ctx);
      const place = { client, cluster, subject: subjectOf(slot) };
      const restore = live.secret.immutable ? pointBack : restoreValues;
      await restore(place, live, slot, restoration, ctx);
    },

    abandon: async (slot, ctx) => {
      const ref = secretRef(slot, name);
      const live = await findLive(cluster, ref, ctx.signal);
      if (live?.secret.immutable === true)
        await removeUnused({ client, cluster }, ref.name, live.secret, ctx);
    },

    tidy: (slot, push, ctx) => removeReplaced({ client, cluster }, secretRef(slot, name), push, ctx),

    close: async () => client.close(),
  };
}

function assertFits(values: Fields<Secret>, subject: string): void {
  const bytes = Object.values(values).reduce((sum, value) => sum + value.byteLength(), 0);
  if (bytes <= LARGEST) return;
  throw new RotationError('LIMIT_REACHED', {
    subject,
    reason: `${bytes} bytes are more than a Secret holds (${LARGEST})`,
  });
}

function assertCurrent(current: Version, expected: Version | undefined, subject: string): void {
  if (expected === undefined || expected === current) return;
  throw new RotationError('CONFLICT', {
    subject,
    action: 'write the Secret',
    reason: `it is at ${current}, not at ${expected}`,
  });
}
