import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { emulatedConnection, resolveEmulated } from '../../lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../lib/aws/emulator/identity.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { fieldOf, withFields } from '../../lib/store/json-text.ts';
import { addVersion, type EmulatedParameter, makeParameter, newestOf } from './emulated-parameter.ts';
import { type Parameters, parameterService } from './emulated-service.ts';

export interface ParameterStoreEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  /** The parameter behind a slot, to look into and to put into any state. */
  parameter(slot: Slot): EmulatedParameter;
  /** IAM actions to refuse. */
  readonly denied: Set<string>;
}

/** Layout, numbers and escapes that a round trip through a JSON parser would not survive. */
const NEIGHBOURS = String.raw`{ "username" : "svc-checkout", "ratio": 1.50,
  "serial": 12345678901234567890, "path": "a\/b\u00e9", "nested": { "API_KEY": "not ours" } }`;

export async function startParameterStoreEmulator(): Promise<ParameterStoreEmulator> {
  const parameters: Parameters = new Map();
  const identity = makeIdentity('keyturn');
  const denied = new Set<string>();
  let effects = 0;
  const onEffect = (): void => {
    effects += 1;
  };
  const server = await startLoopbackServer(parameterService({ parameters, identity, denied, onEffect }));

  const parameterOf = ({ ref }: Slot): EmulatedParameter => {
    const parameter = parameters.get(nameOf(ref));
    if (parameter === undefined) throw new Error(`no parameter ${ref} was seeded`);
    return parameter;
  };
  /** What its readers get. */
  const textOf = (slot: Slot): string => {
    const parameter = parameterOf(slot);
    const label = labelOf(slot.ref);
    const live =
      label === undefined ? newestOf(parameter) : parameter.versions.find(({ labels }) => labels.has(label));
    return live?.value ?? '';
  };
  const put = (slot: Slot, text: string): void => {
    const parameter = parameterOf(slot);
    addVersion(parameter, text);
    const label = labelOf(slot.ref);
    if (label === undefined) return;
    for (const { labels } of parameter.versions) labels.delete(label);
    newestOf(parameter)?.labels.add(label);
  };

  return {
    server,
    denied,
    parameter: parameterOf,
    options: (original) => emulatedConnection(server.url, original),
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name, fields) => ({ ref: `/keyturn/${name}`, fields }),
    seed: async (slot, values) => {
      const name = nameOf(slot.ref);
      if (!parameters.has(name)) parameters.set(name, makeParameter(name));
      put(slot, values[WHOLE] ?? withFields(NEIGHBOURS, values));
      return slot;
    },
    peek: async (slot) => {
      if (!parameters.has(nameOf(slot.ref))) return undefined;
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
      const { versions: _versions, ...settings } = parameterOf(slot);
      const blank = Object.fromEntries(slot.fields.map((field) => [field, '']));
      const text = slot.fields.includes(WHOLE) ? '' : withFields(textOf(slot), blank);
      return `${text}\n${JSON.stringify(settings)}`;
    },
    overwrite: async (slot, values) => put(slot, values[WHOLE] ?? withFields(textOf(slot), values)),
  };
}

function nameOf(ref: string): string {
  return ref.split(':')[0] ?? '';
}

function labelOf(ref: string): string | undefined {
  return ref.split(':')[1];
}
