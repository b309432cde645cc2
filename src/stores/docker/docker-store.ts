import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import { type Slot, type Store, type Version, WHOLE } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { openDocker } from '../../lib/docker/docker-client.ts';
import { createServiceApi } from '../../lib/docker/service-api.ts';
import { findLive, idIn, type Live, type Swarm, versionOf } from './find-live.ts';
import { replacedBy, successorName } from './generation.ts';
import type { DockerOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { removeReplaced } from './remove-replaced.ts';
import { replaceSecret } from './replace-secret.ts';
import { restoreSecret } from './restore-secret.ts';
import { createSecretApi } from './secret-api.ts';
import { secretName } from './secret-name.ts';
import { askWhoami } from './whoami.ts';

/** The engine refuses 512000 bytes and more. */
const LARGEST = 511_999;

export async function openDockerStore(options: DockerOptions, open: OpenContext): Promise<Store> {
  const client = await openDocker(options, open);
  const { name } = open;
  const swarm: Swarm = { name, secrets: createSecretApi(client), services: createServiceApi(client) };

  const liveOf = async (slot: Slot, { signal }: CallContext): Promise<Live> => {
    const live = await findLive(swarm, secretName(slot, name), signal);
    if (live !== undefined) return live;
    throw new RotationError('NOT_FOUND', {
      subject: `${name}/${slot.ref}`,
      reason: 'there is no such secret',
    });
  };

  return {
    whoami: ({ signal }) => askWhoami(client, signal),

    preflight: (slot, ctx) => preflightSlot(slot, { client, swarm }, ctx),

    read: async (slot, { signal }) => {
      const live = await findLive(swarm, secretName(slot, name), signal);
      if (live === undefined) return undefined;
      const { createdAt } = live.secret;
      return { fields: {}, version: versionOf(live), ...(createdAt === '' ? {} : { updatedAt: createdAt }) };
    },

    write: async (slot, values, expected, ctx) => {
      const value = fitting(values[WHOLE], `${name}/${slot.ref}`);
      const live = await liveOf(slot, ctx);
      const done = madeBefore(live, slot.ref, expected, ctx.idempotencyToken);
      if (done !== undefined) return { version: done };
      if (expected !== undefined && expected !== versionOf(live)) {
        throw new RotationError('CONFLICT', {
          subject: `${name}/${slot.ref}`,
          action: 'replace the secret',
          reason: `its services use ${live.users.length === 0 ? 'another secret' : live.secret.name} now`,
        });
      }
      const { id } = await replaceSecret(swarm, slot.ref, live, value, ctx);
      return { version: versionOf({ ...live, secret: { ...live.secret, id } }) };
    },

    restore: async (slot, restoration, ctx) =>
      restoreSecret(swarm, slot.ref, await liveOf(slot, ctx), restoration, ctx),

    tidy: (slot, push, { signal }) => removeReplaced(swarm, slot.ref, push, signal),

    close: async () => client.close(),
  };
}

/** The version of what an earlier attempt of this very push has made, to its end. */
function madeBefore(
  live: Live,
  slot: string,
  expected: Version | undefined,
  idempotencyToken: string,
): Version | undefined {
  const replaced = replacedBy(live.secret);
  if (replaced === undefined || live.successor !== undefined || expected === undefined) return undefined;
  if (replaced !== idIn(expected)) return undefined;
  return live.secret.name === successorName(slot, replaced, idempotencyToken) ? versionOf(live) : undefined;
}

function fitting(value: Secret | undefined, subject: string): Secret {
  if (value === undefined)
    throw new RotationError('INTERNAL', { subject, reason: 'a write without a value' });
  const bytes = value.byteLength();
  if (bytes <= LARGEST) return value;
  throw new RotationError('LIMIT_REACHED', {
    subject,
    reason: `${bytes} bytes are more than a swarm secret holds (${LARGEST})`,
  });
}
