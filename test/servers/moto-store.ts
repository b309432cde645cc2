import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { emulatedConnection, resolveEmulated } from '../../src/lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../src/lib/aws/emulator/identity.ts';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../src/lib/store/json-text.ts';
import { secretsManagerService } from '../../src/stores/aws-secrets-manager/emulated-service.ts';
import { forwardTo } from './forwarding-server.ts';

const NEIGHBOURS = '{ "username": "svc", "ratio": 1.50 }';

/** moto's Secrets Manager in the place of our emulator: the outside world looks at it with the plain SDK. */
export async function startMotoStore(url: string): Promise<StoreEmulator> {
  const identity = makeIdentity('keyturn');
  let effects = 0;
  const manners = secretsManagerService({
    secrets: new Map(),
    identity,
    denied: new Set(),
    onEffect: () => undefined,
  });
  const server = await startLoopbackServer(
    forwardTo(url, manners, () => {
      effects += 1;
    }),
  );
  const settings = { region: 'us-east-1', endpoint: url, credentials: identity };
  const client = makeClient(() => new SecretsManagerClient(settings));
  /** All tests share one moto. */
  const world = randomUUID();

  const textOf = async ({ ref }: Slot): Promise<string | undefined> => {
    try {
      // Without a label moto gives the version it made last, where AWS gives the current one.
      const current = new GetSecretValueCommand({ SecretId: ref, VersionStage: 'AWSCURRENT' });
      return (await client.send(current)).SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
  /** By stage and move: after a move, moto's PutSecretValue leaves AWSCURRENT on two versions. */
  const put = async ({ ref }: Slot, text: string): Promise<void> => {
    const id = { SecretId: ref };
    const current = await client.send(new GetSecretValueCommand({ ...id, VersionStage: 'AWSCURRENT' }));
    const made = await client.send(
      new PutSecretValueCommand({ ...id, SecretString: text, VersionStages: ['theirs'] }),
    );
    const move = { MoveToVersionId: made.VersionId, RemoveFromVersionId: current.VersionId };
    await client.send(new UpdateSecretVersionStageCommand({ ...id, VersionStage: 'AWSCURRENT', ...move }));
  };

  return {
    options: (original) => emulatedConnection(server.url, original),
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    sampleSlot: (name, fields) => ({ ref: `${world}/${name}`, fields }),
    seed: async (slot, values) => {
      const text = withFields(NEIGHBOURS, values);
      await client.send(new CreateSecretCommand({ Name: slot.ref, SecretString: text }));
      return slot;
    },
    peek: async (slot) => {
      const text = await textOf(slot);
      if (text === undefined) return undefined;
      return Object.fromEntries(
        slot.fields.flatMap((field) => {
          const found = fieldOf(text, field);
          return found.usable && found.text !== undefined ? [[field, found.text]] : [];
        }),
      );
    },
    neighbours: async (slot) => {
      const blank = Object.fromEntries(slot.fields.map((field) => [field, '']));
      return withFields((await textOf(slot)) ?? '{}', blank);
    },
    overwrite: async (slot, values) => put(slot, withFields((await textOf(slot)) ?? '{}', values)),
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
