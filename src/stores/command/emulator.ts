import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fields } from '../../core/credential.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { StoreCapabilities } from '../../core/plugins/store.ts';
import { writeProgramFaults } from '../../lib/process/emulator/program-faults.ts';
import { PROGRAM } from './emulated-program.ts';
import { ACTIONS, type Action, optionsSchema } from './options.ts';

/** How the next run of an action goes wrong: `before` it does anything, or after all of it. */
export interface Trouble {
  readonly before: boolean;
  readonly exit: number;
  readonly words?: string;
  readonly print?: string;
  /** Says what it has read or written, where it does not belong. */
  readonly echo?: boolean;
}

export interface CommandStoreEmulator extends StoreEmulator {
  trouble(action: Action, how: Trouble): void;
  /** What `preflight` finds from now on. */
  find(findings: readonly JsonObject[]): void;
  /** All that each run could see besides the secrets on its standard input. */
  runs(): readonly Run[];
}

interface Run {
  readonly argv: Json;
  readonly env: Json;
  readonly question: JsonObject;
}

interface EmulatedSlot {
  readonly fields: Fields<string>;
  readonly version: number;
  readonly updatedAt: string;
  readonly history: Readonly<Record<string, Fields<string>>>;
}

interface State {
  readonly token: string;
  readonly slots: Readonly<Record<string, EmulatedSlot>>;
  readonly findings: readonly JsonObject[];
  readonly effects: number;
  readonly trouble: Readonly<Record<string, Trouble>>;
  readonly seen: readonly Run[];
}

const TOKEN_REFERENCE = 'env:SECRET_PROGRAM_TOKEN';

/** A real program in a folder of its own, run by the node that runs us, with a file for its memory. */
export async function startCommandStoreEmulator(): Promise<CommandStoreEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-program-'));
  const [program, memory] = [join(folder, 'store.mjs'), join(folder, 'state.json')];
  const token = `token-${randomBytes(16).toString('hex')}`;
  await writeFile(program, PROGRAM, { mode: 0o600 });
  const faults = writeProgramFaults(folder);

  // Synchronous, as `effects()` is.
  const load = (): State => JSON.parse(readFileSync(memory, 'utf8')) as State;
  const save = (state: State): void => writeFileSync(memory, JSON.stringify(state), { mode: 0o600 });
  const update = (change: (state: State) => Partial<State>): void => {
    const state = load();
    save({ ...state, ...change(state) });
  };
  save({ token, slots: {}, findings: [], effects: 0, trouble: {}, seen: [] });

  const put = (ref: string, values: Fields<string>): void =>
    update(({ slots }) => {
      const before = slots[ref];
      const fields = { ...(before?.fields ?? { beside: 'somebody else’s' }), ...values };
      const version = (before?.version ?? 0) + 1;
      const history = { ...before?.history, [version]: fields };
      return {
        slots: { ...slots, [ref]: { fields, version, updatedAt: new Date().toISOString(), history } },
      };
    });

  const emulator: CommandStoreEmulator = {
    options: (original) => {
      const theirs = original === undefined ? undefined : optionsSchema.parse(original);
      const { compareAndSet = true, writeOnly = false } = theirs ?? {};
      return {
        command: [process.execPath, program, memory],
        actions: theirs?.actions ?? [...ACTIONS],
        compareAndSet,
        ...(writeOnly ? { writeOnly } : {}),
        settings: { compares: compareAndSet, writeOnly },
        secrets: { token: TOKEN_REFERENCE },
      };
    },
    resolve: (reference) => (reference === TOKEN_REFERENCE ? token : undefined),
    sampleSlot: (name, fields) => ({ ref: `apps/${name}`, fields }),
    seed: async (slot, values) => {
      put(slot.ref, values);
      return slot;
    },
    peek: async ({ ref, fields }) => {
      const slot = load().slots[ref];
      return (
        slot && Object.fromEntries(Object.entries(slot.fields).filter(([name]) => fields.includes(name)))
      );
    },
    neighbours: async ({ ref, fields }) => {
      const { [ref]: own, ...others } = load().slots;
      const beside = Object.entries(own?.fields ?? {}).filter(([name]) => !fields.includes(name));
      return JSON.stringify([beside, others]);
    },
    overwrite: async ({ ref }, values) => put(ref, values),
    effects: () => load().effects,
    protocol: faults.protocol,
    inject: faults.inject,
    stop: () => {
      faults.stop();
      return rm(folder, { recursive: true, force: true });
    },
    trouble: (action, how) => update(({ trouble }) => ({ trouble: { ...trouble, [action]: how } })),
    find: (findings) => update(() => ({ findings })),
    runs: () => load().seen,
  };
  return { ...emulator, writeOnly: { capabilities: WITHOUT_READING, emulator: blind(emulator) } };
}

const WITHOUT_READING: StoreCapabilities = {
  readable: false,
  versioned: true,
  cas: false,
  restore: 'version',
  maxBytes: undefined,
  evidence: 'timestamp',
};

function blind(emulator: CommandStoreEmulator): StoreEmulator {
  const options = { ...emulator.options(), compareAndSet: false, writeOnly: true };
  return { ...emulator, options: () => ({ ...options, settings: { compares: false, writeOnly: true } }) };
}
