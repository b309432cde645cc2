import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../lib/store/json-text.ts';
import { makeCaller } from './emulated-caller.ts';
import { addVersion, type EmulatedSecret, findVersion, makeSecret } from './emulated-secret.ts';
import { secretManagerService } from './emulated-service.ts';
import { parseRef } from './secret-ref.ts';

export interface GoogleSecretEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  /** The secret behind a slot, to look into and to put into any state. */
  secret(slot: Slot): EmulatedSecret;
  /** Permissions to refuse. */
  readonly denied: Set<string>;
}

const PROJECT = 'keyturn-emulated';
const KEY_FILE = 'env:KEYTURN_EMULATED_GOOGLE_KEY';

/** Layout, numbers and escapes that a round trip through a JSON parser would not survive. */
const NEIGHBOURS = String.raw`{ "username" : "svc-checkout", "ratio": 1.50,
  "serial": 12345678901234567890, "path": "a\/b\u00e9", "nested": { "API_KEY": "not ours" } }`;

export async function startGoogleSecretEmulator(): Promise<GoogleSecretEmulator> {
  const secrets = new Map<string, EmulatedSecret>();
  const caller = makeCaller(PROJECT);
  const denied = new Set<string>();
  let effects = 0;
  const onEffect = (): void => {
    effects += 1;
  };
  const server = await startLoopbackServer(secretManagerService({ secrets, caller, denied, onEffect }));
  /** What the user's own `ref`s name. */
  let here: { readonly project: string; readonly location?: string } = { project: PROJECT };

  const nameOf = ({ ref }: Slot): { secret: string; alias: string | undefined } => {
    const { secret, alias } = parseRef(ref, { location: undefined, ...here }, 'the emulator');
    return { secret, alias };
  };
  const secretOf = (slot: Slot): EmulatedSecret => {
    const secret = secrets.get(nameOf(slot).secret);
    if (secret === undefined) throw new Error(`no secret ${slot.ref} was seeded`);
    return secret;
  };
  /** What its readers get. */
  const textOf = (slot: Slot): string =>
    findVersion(secretOf(slot), nameOf(slot).alias ?? 'latest').version.data.toString('utf8');
  const put = (slot: Slot, text: string): void => {
    const secret = secretOf(slot);
    const { alias } = nameOf(slot);
    const number = addVersion(secret, Buffer.from(text, 'utf8'));
    if (alias === undefined) return;
    secret.aliases[alias] = String(number);
    secret.revision += 1;
  };

  return {
    server,
    denied,
    secret: secretOf,
    options: (original = {}) => {
      const { project = PROJECT, location, ...kept } = original;
      here = { project: String(project), ...(location === undefined ? {} : { location: String(location) }) };
      return { ...kept, ...here, keyFile: KEY_FILE, address: server.url };
    },
    resolve: (reference) => (reference === KEY_FILE ? caller.keyFile : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name, fields) => ({ ref: `keyturn-${name}/versions/live`, fields }),
    seed: async (slot, values) => {
      const { secret } = nameOf(slot);
      if (!secrets.has(secret)) secrets.set(secret, makeSecret(secret));
      put(slot, values[WHOLE] ?? withFields(NEIGHBOURS, values));
      return slot;
    },
    peek: async (slot) => {
      if (!secrets.has(nameOf(slot).secret)) return undefined;
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
      const { labels, aliases } = secretOf(slot);
      const { alias } = nameOf(slot);
      const others = Object.entries(aliases).filter(([name]) => name !== alias);
      const blank = Object.fromEntries(slot.fields.map((field) => [field, '']));
      const text = slot.fields.includes(WHOLE) ? '' : withFields(textOf(slot), blank);
      return `${text}\n${JSON.stringify({ labels, others })}`;
    },
    overwrite: async (slot, values) => put(slot, values[WHOLE] ?? withFields(textOf(slot), values)),
  };
}
