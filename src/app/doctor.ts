import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRotationError } from '../core/errors/rotation-error.ts';
import { assertExpected } from '../lib/store/guarded-store.ts';
import { count } from './phases/names.ts';
import { createPluginHost, type PluginHost } from './plugin-host.ts';
import { listRotations } from './rotations.ts';
import type { Runtime } from './runtime.ts';

export interface DoctorItem {
  readonly area: 'node' | 'config' | 'state' | 'store' | 'issuer' | 'rotation';
  readonly subject: string;
  readonly verdict: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly hint?: string;
}

/** Looks at everything a rotation stands on; changes nothing. One broken thing does not hide the others. */
export async function examine(
  runtime: Runtime,
  progress: (subject: string) => void,
): Promise<readonly DoctorItem[]> {
  const { config } = runtime;
  const host = createPluginHost({ ...runtime, baseDir: config.baseDir });
  const { stores, keys, services } = config;
  const inventory = Object.entries({ store: stores, key: keys, service: services })
    .map(([noun, part]) => count(Object.keys(part).length, noun))
    .join(', ');
  const state = await examineState(config.stateDir);
  try {
    return [
      { area: 'node', subject: 'Node.js', verdict: 'ok', message: process.version },
      {
        area: 'config',
        subject: config.path,
        verdict: 'ok',
        message: inventory,
      },
      state,
      ...(state.verdict === 'error' ? [] : await examineRotations(runtime)),
      ...(await examineStores(runtime, host, progress)),
      ...(await examineIssuers(runtime, host)),
    ];
  } finally {
    await host.closeAll();
  }
}

async function examineState(folder: string): Promise<DoctorItem> {
  const base = { area: 'state', subject: folder } as const;
  try {
    const { mode } = await stat(folder);
    await access(folder, constants.W_OK | constants.R_OK);
    if ((mode & 0o077) === 0) return { ...base, verdict: 'ok', message: 'private and writable' };
    return {
      ...base,
      verdict: 'warning',
      message: `others of this machine may look into it (mode ${(mode & 0o777).toString(8)})`,
      hint: `chmod 700 ${folder}`,
    };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      return {
        ...base,
        verdict: 'error',
        message: 'it cannot be read and written',
        hint: 'Correct its owner or mode, or set `state` in the config.',
      };
    }
  }
  try {
    await access(dirname(folder), constants.W_OK);
    return { ...base, verdict: 'ok', message: 'will be made by the first rotation' };
  } catch {
    return {
      ...base,
      verdict: 'error',
      message: 'it is not there and cannot be made',
      hint: 'Make it, or set `state` in the config.',
    };
  }
}

async function examineRotations(runtime: Runtime): Promise<DoctorItem[]> {
  const { states, damaged } = await listRotations(runtime.storage);
  const open = states.filter((state) => state.ended === undefined);
  return [
    ...open.map(
      (state): DoctorItem => ({
        area: 'rotation',
        subject: state.rotationId,
        verdict: 'warning',
        message: `${state.key} has begun and not ended (last change ${state.updatedAt})`,
        hint: `keyturn rotations show ${state.rotationId}`,
      }),
    ),
    ...damaged.map(
      ({ rotationId, message }): DoctorItem => ({
        area: 'rotation',
        subject: rotationId,
        verdict: 'error',
        message,
      }),
    ),
  ];
}

async function examineStores(
  runtime: Runtime,
  host: PluginHost,
  progress: (subject: string) => void,
): Promise<DoctorItem[]> {
  const signal = runtime.interruption.hard;
  const items = Object.entries(runtime.config.stores).map(([name, connection]) =>
    verdictOf('store', name, async () => {
      progress(name);
      const { store } = await host.store(name, connection);
      const identity = await store.whoami({ signal });
      assertExpected(identity, name, connection.expect);
      return identity.display;
    }),
  );
  return Promise.all(items);
}

/** An issuer is asked only about a key; opening it shows whether its options and references hold. */
async function examineIssuers(runtime: Runtime, host: PluginHost): Promise<DoctorItem[]> {
  const items = Object.entries(runtime.config.keys).map(([name, key]) =>
    verdictOf('issuer', `${key.issuer.type} (key ${name})`, async () => {
      await host.issuer(key.issuer);
      return `configured; \`keyturn plan ${name}\` asks it about the key`;
    }),
  );
  return Promise.all(items);
}

async function verdictOf(
  area: DoctorItem['area'],
  subject: string,
  ask: () => Promise<string>,
): Promise<DoctorItem> {
  try {
    return { area, subject, verdict: 'ok', message: await ask() };
  } catch (error) {
    if (!isRotationError(error)) throw error;
    return { area, subject, verdict: 'error', message: error.message, hint: error.hint };
  }
}
