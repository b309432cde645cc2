import { randomUUID } from 'node:crypto';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { emulatedConnection, resolveEmulated } from '../../src/lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../src/lib/aws/emulator/identity.ts';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../src/lib/store/json-text.ts';
import { parameterService } from '../../src/stores/aws-ssm/emulated-service.ts';
import { forwardTo } from './forwarding-server.ts';

const NEIGHBOURS = '{ "username": "svc", "ratio": 1.50 }';

/** moto's Parameter Store in the place of our emulator: the outside world looks at it with the plain SDK. */
export async function startMotoParameters(url: string): Promise<StoreEmulator> {
  const identity = makeIdentity('keyturn');
  let effects = 0;
  const manners = parameterService({
    parameters: new Map(),
    identity,
    denied: new Set(),
    onEffect: () => undefined,
  });
  const server = await startLoopbackServer(
    forwardTo(url, manners, () => {
      effects += 1;
    }),
  );
  const client = makeClient(
    () => new SSMClient({ region: 'us-east-1', endpoint: url, credentials: identity }),
  );
  /** All tests share one moto. */
  const world = randomUUID();

  const textOf = async ({ ref }: Slot): Promise<string | undefined> => {
    try {
      const found = await client.send(new GetParameterCommand({ Name: ref, WithDecryption: true }));
      return found.Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  };
  const put = async ({ ref }: Slot, text: string): Promise<void> => {
    await client.send(new PutParameterCommand({ Name: ref, Value: text, Overwrite: true }));
  };

  return {
    options: (original) => emulatedConnection(server.url, original),
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    sampleSlot: (name, fields) => ({ ref: `/${world}/${name}`, fields }),
    seed: async (slot, values) => {
      await client.send(
        new PutParameterCommand({
          Name: slot.ref,
          Value: withFields(NEIGHBOURS, values),
          Type: 'SecureString',
          KeyId: 'alias/payments',
          Tier: 'Advanced',
          Description: 'the key of checkout',
          AllowedPattern: '^\\{',
          Tags: [{ Key: 'team', Value: 'payments' }],
        }),
      );
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
      const filter = { Key: 'Name', Option: 'Equals', Values: [slot.ref] };
      const described = await client.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
      const { Type, KeyId, Tier, Description, AllowedPattern, DataType } = described.Parameters?.[0] ?? {};
      const settings = { Type, KeyId, Tier, Description, AllowedPattern, DataType };
      return `${withFields((await textOf(slot)) ?? '{}', blank)}\n${JSON.stringify(settings)}`;
    },
    overwrite: async (slot, values) => put(slot, withFields((await textOf(slot)) ?? '{}', values)),
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
