import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../lib/store/json-text.ts';
import { type EmulatedDirectory, emulatedDirectory } from './emulated-directory.ts';
import { addVersion, type EmulatedVersion, vaultService } from './emulated-vault.ts';

export interface KeyVaultEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly directory: EmulatedDirectory;
  /** The versions behind a slot, the newest last: to look into and to put into any state. */
  versions(slot: Slot): EmulatedVersion[];
  /** Operations to refuse: `get`, `set`, `list`. */
  readonly denied: Set<string>;
}

const SECRET = 'env:KEYTURN_EMULATED_AZURE_CLIENT_SECRET';

/** Layout, numbers and escapes that a round trip through a JSON parser would not survive. */
const NEIGHBOURS = String.raw`{ "username" : "svc-checkout", "ratio": 1.50,
  "serial": 12345678901234567890, "path": "a\/b\u00e9", "nested": { "API_KEY": "not ours" } }`;

/** Everything a version can have: what is not sent again is seen to be lost. */
const ATTRIBUTES = {
  contentType: 'application/json',
  tags: { team: 'payments', 'cost-center': '42' },
  attributes: { nbf: 1_600_000_000, exp: 4_000_000_000 },
};

export async function startKeyVaultEmulator(): Promise<KeyVaultEmulator> {
  const secrets = new Map<string, EmulatedVersion[]>();
  const directory = emulatedDirectory();
  const denied = new Set<string>();
  let effects = 0;
  const onEffect = (): void => {
    effects += 1;
  };
  const server = await startLoopbackServer(vaultService({ secrets, directory, denied, onEffect }));

  const versionsOf = ({ ref }: Slot): EmulatedVersion[] => {
    const versions = secrets.get(ref);
    if (versions === undefined) throw new Error(`no secret ${ref} was seeded`);
    return versions;
  };
  const textOf = (slot: Slot): string => versionsOf(slot).at(-1)?.value ?? '';

  return {
    server,
    directory,
    denied,
    versions: versionsOf,
    options: () => ({
      address: server.url,
      tenantId: directory.tenantId,
      clientId: directory.clientId,
      clientSecret: SECRET,
      authority: server.url,
    }),
    resolve: (reference) => (reference === SECRET ? directory.clientSecret : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name, fields) => ({ ref: `keyturn-${name}`, fields }),
    seed: async (slot, values) => {
      const versions = secrets.get(slot.ref) ?? [];
      secrets.set(slot.ref, versions);
      addVersion(versions, values[WHOLE] ?? withFields(NEIGHBOURS, values), ATTRIBUTES);
      return slot;
    },
    peek: async (slot) => {
      if (!secrets.has(slot.ref)) return undefined;
      const text = textOf(slot);
      if (slot.fields.includes(WHOLE)) return { [WHOLE]: text };
      return Object.fromEntries(
        slot.fields.flatMap((field) => {
          const value = fieldOf(text, field);
          return value.usable && value.text !== undefined ? [[field, value.text]] : [];
        }),
      );
    },
    neighbours: async (slot) => {
      const live = versionsOf(slot).at(-1);
      const {
        created: _created,
        updated: _updated,
        ...attributes
      } = live?.attributes ?? {
        created: 0,
        updated: 0,
      };
      const blank = Object.fromEntries(slot.fields.map((field) => [field, '']));
      const text = slot.fields.includes(WHOLE) ? '' : withFields(textOf(slot), blank);
      const { contentType, tags } = live ?? {};
      return `${text}\n${JSON.stringify({ contentType, tags, attributes: sorted(attributes) })}`;
    },
    overwrite: async (slot, values) => {
      addVersion(versionsOf(slot), values[WHOLE] ?? withFields(textOf(slot), values), ATTRIBUTES);
    },
  };
}

function sorted(attributes: object): object {
  return Object.fromEntries(Object.entries(attributes).sort(([left], [right]) => (left < right ? -1 : 1)));
}
