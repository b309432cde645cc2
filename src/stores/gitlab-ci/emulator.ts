import { randomBytes } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot, StoreCapabilities } from '../../core/plugins/store.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { EMULATED_TOKEN } from '../../lib/gitlab/emulator/answers.ts';
import { gitlabService } from './emulated-routes.ts';
import { createEmulatedVariables, type EmulatedVariables } from './emulated-variables.ts';

/** A GitLab on this machine, and the hands of its users. */
export interface GitlabCiEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly variables: EmulatedVariables;
  /** Leaves the token these scopes. */
  grant(scopes: readonly string[]): void;
}

export async function startGitlabCiEmulator(): Promise<GitlabCiEmulator> {
  const variables = createEmulatedVariables();
  const token = ['gl', 'pat-', randomBytes(15).toString('base64url')].join('');
  let scopes: readonly string[] = ['api'];
  let usualScope = '*';
  let effects = 0;
  const server = await startLoopbackServer(
    gitlabService({
      variables,
      token,
      scopes: () => scopes,
      written: () => {
        effects += 1;
      },
    }),
  );
  const placeOf = ({ ref }: Slot): { place: string; scope: string } => {
    const [place = '', ...scope] = ref.split('@');
    if (place === 'instance') return { place, scope: '*' };
    return { place, scope: scope.length === 0 ? usualScope : scope.join('@') };
  };
  const set = (slot: Slot, key: string, value: string): void => {
    const { place, scope } = placeOf(slot);
    variables.set(place, { key, value, environment_scope: scope });
  };
  const random = (): string => randomBytes(12).toString('hex');

  const emulator: GitlabCiEmulator = {
    server,
    variables,
    grant: (granted) => {
      scopes = granted;
    },
    options: (original = {}) => {
      const theirs = original['environmentScope'];
      usualScope = typeof theirs === 'string' ? theirs : '*';
      return { address: server.url, token: EMULATED_TOKEN, environmentScope: usualScope };
    },
    resolve: (reference) => (reference === EMULATED_TOKEN ? token : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => ({ ref: `projects/acme/${name}`, fields }),
    seed: async (slot, values) => {
      const { place } = placeOf(slot);
      set(slot, 'BESIDE', random());
      for (const field of slot.fields) {
        set(slot, field, values[field] ?? '');
        // The same key for another environment: another variable.
        if (place !== 'instance')
          variables.set(place, { key: field, value: random(), environment_scope: 'elsewhere' });
      }
      return slot;
    },
    peek: async (slot) => {
      const { place, scope } = placeOf(slot);
      const found = slot.fields.flatMap((field) => {
        const held = variables
          .find(place)
          ?.find((each) => each.key === field && each.environment_scope === scope);
        return held === undefined ? [] : [[field, held.value] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async (slot) => {
      const { place, scope } = placeOf(slot);
      return variables.except(place, scope, slot.fields);
    },
    overwrite: async (slot, values) => {
      for (const [field, value] of Object.entries(values)) set(slot, field, value);
    },
  };
  const hide = (slot: Slot): void => {
    const { place, scope } = placeOf(slot);
    for (const key of slot.fields)
      variables.set(place, { key, environment_scope: scope, masked: true, hidden: true });
  };
  return { ...emulator, writeOnly: { capabilities: OF_HIDDEN, emulator: hiding(emulator, hide) } };
}

const OF_HIDDEN: StoreCapabilities = {
  readable: false,
  versioned: false,
  cas: false,
  restore: 'value',
  maxBytes: undefined,
  evidence: 'none',
};

/** As if whoever made the variables had chosen "masked and hidden". */
function hiding(emulator: GitlabCiEmulator, hide: (slot: Slot) => void): StoreEmulator {
  return {
    ...emulator,
    seed: async (wanted, values) => {
      const slot = await emulator.seed(wanted, values);
      hide(slot);
      return slot;
    },
  };
}
