import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import { type EmulatedParts, emulatedParts, ONE_PART } from '../../lib/issuer/emulated-parts.ts';
import { writeProgramFaults } from '../../lib/process/emulator/program-faults.ts';
import { PROGRAM } from './emulated-program.ts';
import { ACTIONS, type Action, optionsSchema } from './options.ts';

/** How the next run of an action goes wrong: `before` it does anything, or after all of it. */
export interface Trouble {
  readonly before: boolean;
  readonly exit?: number;
  readonly words?: string;
  readonly print?: string;
  readonly hang?: boolean;
  /** Prints its answer, secret included, where it does not belong. */
  readonly echo?: boolean;
}

export interface CommandEmulator extends IssuerEmulator {
  trouble(action: Action, how: Trouble): Promise<void>;
  /** All that each run could see besides its standard input's secrets. */
  runs(): Promise<readonly { readonly argv: Json; readonly env: Json; readonly question: JsonObject }[]>;
}

interface EmulatedKey {
  readonly id: string;
  readonly secret: string;
  readonly label: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

interface State {
  readonly token: string;
  readonly keys: readonly EmulatedKey[];
  readonly effects: number;
  readonly trouble: Readonly<Record<string, Trouble>>;
  readonly seen: readonly { readonly argv: Json; readonly env: Json; readonly question: JsonObject }[];
}

const TOKEN_REFERENCE = 'env:KEY_PROGRAM_TOKEN';

/** A real program in a folder of its own, run by the node that runs us, with a file for its memory. */
export async function startCommandEmulator(): Promise<CommandEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-program-'));
  const [program, memory] = [join(folder, 'keys.mjs'), join(folder, 'state.json')];
  const token = `token-${randomBytes(16).toString('hex')}`;
  await writeFile(program, PROGRAM, { mode: 0o600 });
  const faults = writeProgramFaults(folder);

  // Synchronous, as `effects()` is.
  const load = (): State => JSON.parse(readFileSync(memory, 'utf8')) as State;
  const update = async (change: (state: State) => Partial<State>): Promise<void> => {
    const state = load();
    await writeFile(memory, JSON.stringify({ ...state, ...change(state) }), { mode: 0o600 });
  };
  let parts = ONE_PART;
  const first: State = { token, keys: [], effects: 0, trouble: {}, seen: [] };
  await writeFile(memory, JSON.stringify(first), { mode: 0o600 });

  return {
    options: (original) => {
      if (original !== undefined) {
        const theirs = optionsSchema.parse(original);
        parts = emulatedParts(Object.keys(theirs.parts), theirs.keyId);
      }
      const { names, secret, id } = parts;
      return {
        command: [process.execPath, program, memory],
        actions: [...ACTIONS],
        parts: Object.fromEntries(
          names.map((name) => [name, name === secret ? { format: VALUE_FORMAT } : {}]),
        ),
        keyId: id === undefined ? { part: secret, pattern: ID_IN_VALUE } : { part: id },
        settings: { names, secret, id: id ?? null },
        secrets: { token: TOKEN_REFERENCE },
        propagation: { confirmations: 1, intervalSeconds: 0, deadlineSeconds: 5 },
      };
    },
    resolve: (reference) => (reference === TOKEN_REFERENCE ? token : undefined),
    effects: () => load().effects,
    protocol: faults.protocol,
    inject: faults.inject,
    stop: () => {
      faults.stop();
      return rm(folder, { recursive: true, force: true });
    },
    issue: async () => {
      const key = newKey();
      await update(({ keys }) => ({ keys: [...keys, key] }));
      const secrets = parts.names.map((name) => [name, new Secret(partOf(name, parts, key))]);
      return { id: key.id, credential: Object.fromEntries(secrets) };
    },
    isLive: async (credential) => {
      const value = credential[parts.secret]?.reveal();
      return load().keys.some((key) => key.secret === value && key.status === 'active');
    },
    keys: async () => load().keys.map(({ id, status }) => ({ id, active: status === 'active' })),
    trouble: (action, how) => update(({ trouble }) => ({ trouble: { ...trouble, [action]: how } })),
    runs: async () => load().seen,
  };
}

const ID_IN_VALUE = '^(ck_[0-9a-f]{12})_';
const VALUE_FORMAT = 'ck_[0-9a-f]{12}_[0-9a-f]{40}';

function newKey(): EmulatedKey {
  const id = `ck_${randomBytes(6).toString('hex')}`;
  return {
    id,
    secret: `${id}_${randomBytes(20).toString('hex')}`,
    label: 'made by hand',
    status: 'active',
    createdAt: new Date().toISOString(),
    lastUsedAt: null,
  };
}

function partOf(name: string, parts: EmulatedParts, key: EmulatedKey): string {
  if (name === parts.secret) return key.secret;
  return name === parts.id ? key.id : randomBytes(12).toString('hex');
}
