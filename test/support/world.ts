import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialog } from '../../src/app/dialog.ts';
import { type EmulatedWorld, startEmulatedWorld } from '../../src/app/rehearse/emulated-world.ts';
import type { RotateRequest } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { checks } from '../../src/catalog/checks.gen.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { notifiers } from '../../src/catalog/notifiers.gen.ts';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { stores } from '../../src/catalog/stores.gen.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type {
  CheckUse,
  Connection,
  KeyPolicy,
  RotationConfig,
  TargetConfig,
} from '../../src/config/rotation-config.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { createFileStorage } from '../../src/engine/file-storage/file-storage.ts';
import { redactor } from '../../src/lib/redactor.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

export const catalog = { stores, issuers, checks, reloads, notifiers };

export const POLICY: KeyPolicy = {
  deactivate: 'now',
  soakMs: 0,
  watch: { forMs: 0, everyMs: 60_000 },
  graceMs: 0,
  delete: true,
  maxTargets: 1000,
};

const USE = { timeoutMs: 2000 };

export interface Shape {
  readonly issuer?: { readonly type: string; readonly options?: JsonObject };
  /** One target in each of these kinds of store. */
  readonly stores?: readonly string[];
  readonly policy?: Partial<KeyPolicy>;
  readonly withService?: boolean;
  /** Kind of store → ref, where the usual one is not meant. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Kind of store → what its connection says. */
  readonly options?: Readonly<Record<string, JsonObject>>;
  /** Kind of store → a slot as it spells one. */
  readonly slots?: Readonly<Record<string, Slot>>;
  /** In place of the usual plug-ins: with something else behind their `emulator()`. */
  readonly catalog?: PluginCatalog;
  /** For one request; programs that others wrote take longer than emulators. */
  readonly timeoutMs?: number;
}

/** A slot of one field takes what must stay secret. */
function fieldsOf(sampled: readonly string[] | undefined, pair: boolean): Readonly<Record<string, string>> {
  const [first, second] = sampled ?? (pair ? ['ACCESS_ID', 'ACCESS_SECRET'] : ['API_KEY']);
  if (!pair) return { [first ?? '']: 'value' };
  if (second === undefined) return { [first ?? '']: 'secretAccessKey' };
  return { [first ?? '']: 'accessKeyId', [second]: 'secretAccessKey' };
}

/** A config over one store of each kind, with one checked service that reads them all in the canary wave. */
export function configOver(shape: Shape, stateDir: string): RotationConfig {
  const kinds = shape.stores ?? ['dotenv', 'hashicorp-vault'];
  const use = { timeoutMs: shape.timeoutMs ?? USE.timeoutMs };
  const parts = (shape.issuer?.type ?? 'aws-iam') === 'aws-iam';
  const targets: TargetConfig[] = kinds.map((kind) => ({
    store: kind,
    ref: shape.refs?.[kind] ?? REFS[kind] ?? shape.slots?.[kind]?.ref ?? 'apps/ci',
    fields: fieldsOf(shape.slots?.[kind]?.fields, parts),
    wave: undefined,
  }));
  const connection = (type: string): Connection => ({
    ...use,
    type,
    options: shape.options?.[type] ?? {},
    attempts: 2,
    concurrency: 8,
    expect: {},
  });
  const check: CheckUse = { ...use, type: 'http', name: 'alive', key: undefined, options: CHECK(parts) };
  return {
    path: join(stateDir, 'rotation.config.yaml'),
    baseDir: stateDir,
    stateDir,
    sealing: { recipients: [], identity: undefined, passphrase: undefined },
    waves: ['canary', 'staging', 'production'],
    plugins: [],
    stores: Object.fromEntries(kinds.map((kind) => [kind, connection(kind)])),
    keys: {
      'the-key': {
        issuer: { ...use, type: shape.issuer?.type ?? 'aws-iam', options: shape.issuer?.options ?? {} },
        // Half a pair in the stores is not enough to know the key by.
        current: targets.some(({ fields }) => parts && Object.keys(fields).length < 2)
          ? { accessKeyId: 'env:OLD_ID', secretAccessKey: 'env:OLD_SECRET' }
          : undefined,
        targets: shape.withService === false ? targets : targets.slice(1),
        policy: { ...POLICY, ...shape.policy },
      },
    },
    services:
      shape.withService === false
        ? {}
        : {
            shop: {
              owner: 'team-shop',
              wave: 'canary',
              uses: [{ key: 'the-key', from: targets.slice(0, 1) }],
              reload: undefined,
              checks: [check],
            },
          },
    notifiers: {},
  };
}

const CHECK = (pair: boolean) => ({
  url: 'http://127.0.0.1:9/health',
  headers: { 'x-api-key': pair ? '{{secretAccessKey}}' : '{{value}}' },
});

const REFS: Readonly<Record<string, string>> = { dotenv: 'shop/.env', 'hashicorp-vault': 'secret/apps/ci' };

export const REQUEST: RotateRequest = {
  key: 'the-key',
  mode: 'replace',
  concurrency: 8,
  policy: {},
  acceptDrift: false,
  approvedPlan: undefined,
};

/** A dialog that begins at once, opens no gate by itself, and stays for every wait. */
export function obedientDialog(over: Partial<Dialog> = {}): Dialog {
  return {
    onEvent: () => {},
    onPreflight: () => {},
    note: () => {},
    confirmStart: async () => true,
    decideGate: async () => undefined,
    stayUntil: async () => true,
    ...over,
  };
}

export interface TestWorld extends EmulatedWorld {
  readonly stateDir: string;
  runtime(over?: Partial<Runtime>): Runtime;
}

/** A slot of each kind of store, as it spells one: a new kind is tested without being named here. */
async function sampleSlots(kinds: readonly string[], from: PluginCatalog): Promise<Record<string, Slot>> {
  const slots: Record<string, Slot> = {};
  for (const kind of kinds) {
    const plugin = await from.stores[kind]?.();
    if (plugin === undefined || REFS[kind] !== undefined) continue;
    const emulator = await (await plugin.emulator())();
    slots[kind] = emulator.sampleSlot('ci', ['ACCESS_ID', 'ACCESS_SECRET']);
    await emulator.stop();
  }
  return slots;
}

export async function startWorld(asked: Shape = {}): Promise<TestWorld> {
  const shape = { ...asked, slots: await sampleSlots(asked.stores ?? [], asked.catalog ?? catalog) };
  const stateDir = await mkdtemp(join(tmpdir(), 'keyturn-test-'));
  const world = await startEmulatedWorld(
    configOver(shape, stateDir),
    'the-key',
    shape.catalog ?? catalog,
    join(stateDir, 'state'),
  );
  const never = new AbortController().signal;
  return {
    ...world,
    stateDir,
    runtime: (over) => {
      const clock = over?.clock ?? virtualClock(Date.now());
      return {
        config: world.config,
        storage: createFileStorage({
          folder: world.config.stateDir,
          clock,
          sealingKeys: async () => ({
            recipients: [],
            identity: undefined,
            passphrase: undefined,
            identityPath: join(stateDir, 'home/identity.txt'),
          }),
        }),
        catalog: world.catalog,
        clock,
        resolve: world.resolve,
        redact: redactor.redact,
        operator: world.operator,
        interruption: { soft: never, hard: never },
        sign: async () => ({ algorithm: 'ed25519', publicKey: '', value: '' }),
        ...over,
      };
    },
    stop: async () => {
      await world.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Which key each target holds, as seen from outside: `old`, `new` (live, and not the old one), or `other`. */
export async function holdings(world: TestWorld): Promise<string[]> {
  const held: string[] = [];
  for (const target of world.targets) {
    const values = (await world.peek(target)) ?? {};
    const old = Object.entries(target.parts).every(
      ([field, part]) => values[field] === world.oldKey.credential[part]?.reveal(),
    );
    held.push(old ? 'old' : Object.keys(values).length > 0 ? 'new' : 'none');
  }
  return held;
}
