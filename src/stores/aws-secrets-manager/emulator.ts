import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { emulatedConnection, resolveEmulated } from '../../lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../lib/aws/emulator/identity.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../lib/store/json-text.ts';
import type { Secrets } from './emulated-operations.ts';
import { type EmulatedSecret, makeSecret, putVersion } from './emulated-secret.ts';
import { secretsManagerService } from './emulated-service.ts';
import { CURRENT } from './labels.ts';

export interface SecretsManagerEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  /** The secret behind a slot, to look into and to put into any state. */
  secret(slot: Slot): EmulatedSecret;
  /** IAM actions to refuse. */
  readonly denied: Set<string>;
}

/** Layout, numbers and escapes that a round trip through a JSON parser would not survive. */
const NEIGHBOURS = String.raw`{
  "username" : "svc-checkout",
  "port": 5432, "ratio": 1.50,
  "serial": 12345678901234567890,
  "path": "a\/b\u00e9",
  "nested": { "API_KEY": "not ours", "list": ["}", "]"] }
}
`;

export async function startSecretsManagerEmulator(): Promise<SecretsManagerEmulator> {
  const secrets: Secrets = new Map();
  const identity = makeIdentity('keyturn');
  const denied = new Set<string>();
  let effects = 0;
  const onEffect = (): void => {
    effects += 1;
  };
  const server = await startLoopbackServer(secretsManagerService({ secrets, identity, denied, onEffect }));

  const find = ({ ref }: Slot): EmulatedSecret | undefined =>
    secrets.get(ref) ?? [...secrets.values()].find(({ arn }) => arn === ref);
  const secretOf = (slot: Slot): EmulatedSecret => {
    const secret = find(slot);
    if (secret === undefined) throw new Error(`no secret ${slot.ref} was seeded`);
    return secret;
  };
  const textOf = (slot: Slot): string => {
    const versions = [...secretOf(slot).versions.values()];
    return versions.find(({ labels }) => labels.has(CURRENT))?.text ?? '';
  };

  return {
    server,
    denied,
    secret: secretOf,
    options: (original) => emulatedConnection(server.url, original),
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name, fields) => ({ ref: `keyturn/${name}`, fields }),
    seed: async (slot, values) => {
      if (!secrets.has(slot.ref)) secrets.set(slot.ref, makeSecret(slot.ref));
      putVersion(secretOf(slot), { text: values[WHOLE] ?? withFields(NEIGHBOURS, values) });
      return slot;
    },
    peek: async (slot) => {
      if (find(slot) === undefined) return undefined;
      const text = textOf(slot);
      if (slot.fields.includes(WHOLE)) return { [WHOLE]: text };
      const found = slot.fields.map((field) => [field, fieldOf(text, field)] as const);
      return Object.fromEntries(
        found.flatMap(([field, value]) =>
          value.usable && value.text !== undefined ? [[field, value.text]] : [],
        ),
      );
    },
    neighbours: async (slot) => {
      if (slot.fields.includes(WHOLE)) return '';
      return withFields(textOf(slot), Object.fromEntries(slot.fields.map((field) => [field, ''])));
    },
    overwrite: async (slot, values) => {
      putVersion(secretOf(slot), { text: values[WHOLE] ?? withFields(textOf(slot), values) });
    },
  };
}
