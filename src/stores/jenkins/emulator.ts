import { randomBytes } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import {
  createEmulatedController,
  type EmulatedController,
  json,
  page,
} from '../../lib/jenkins/emulated-controller.ts';
import { placeOf } from './credential-place.ts';
import {
  type EmulatedClass,
  type EmulatedCredential,
  emulatedCredential,
  replacedBy,
  shownDefinition,
} from './emulated-credentials.ts';

/** A Jenkins on this machine, and the hands of its administrator. */
export interface JenkinsEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly controller: EmulatedController;
  /** What Jenkins holds at a place, in plain; set to put something there. */
  readonly credentials: Map<string, EmulatedCredential>;
  /** Names of active plug-ins that it tells; undefined while we are no administrator. */
  plugins: readonly string[] | undefined;
  /** Header `Content-Type` of a definition. */
  definitionType: string;
  /** Permissions that are not granted, as Jenkins names them in its header. */
  readonly missing: Set<string>;
}

const ELEMENTS: Readonly<Record<string, string>> = { content: 'secretBytes' };

const DESCRIPTION = 'used by "checkout" & <others>; it\'s shared';

export async function startJenkinsEmulator(): Promise<JenkinsEmulator> {
  const controller = createEmulatedController();
  const credentials = new Map<string, EmulatedCredential>();
  const missing = new Set<string>();
  let effects = 0;

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const { method, path } = request;
    if (path === '/pluginManager/api/json') return told(emulator.plugins);
    const found = credentials.get(path);
    if (found === undefined) return page(404, 'Not Found');
    if (method === 'GET') {
      if (missing.has(VIEW)) return page(404, 'Not Found');
      return {
        status: 200,
        headers: { 'content-type': emulator.definitionType },
        body: shownDefinition(found),
      };
    }
    if (method !== 'POST') return page(400, 'Bad Request');
    if (missing.has(UPDATE)) return denied(UPDATE);
    const type = request.headers['content-type'] ?? '';
    // A reader without an encoding takes bytes for Latin-1.
    const text = /charset=utf-8/i.test(type)
      ? request.body
      : Buffer.from(request.body, 'utf8').toString('latin1');
    const next = replacedBy(found, text);
    if (next === undefined) return page(500, 'Failed to parse credential');
    credentials.set(path, next);
    effects += 1;
    return { status: 200, headers: { 'x-jenkins': '2.479.3' } };
  };

  const server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: (request) => controller.enter(request, handle),
    errorBody: (status) => {
      const { body = '', headers = {} } = page(status, 'injected');
      return { body, headers };
    },
  });

  const put = (slot: Slot, values: Fields<string>, beside: Fields<string>): void => {
    const { path, id } = placeOf(slot.ref, 'emulator');
    const kind = kindFor(slot);
    const before = credentials.get(path) ?? emulatedCredential(kind, id, beside);
    const elements = new Map(before.elements);
    for (const [field, value] of Object.entries(values)) {
      elements.set(elementFor(field), field === 'content' ? base64(value) : value);
    }
    credentials.set(path, { ...before, elements });
  };

  const emulator: JenkinsEmulator = {
    server,
    controller,
    credentials,
    missing,
    plugins: undefined,
    definitionType: 'application/xml',
    options: (original) => controller.options(server.url, original),
    resolve: controller.resolve,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    // The parts of a credential have names of their own: fields as somebody wants them are none of it.
    sampleSlot: (name) => ({ ref: `system/_/${name}`, fields: [WHOLE] }),
    seed: async (slot, values) => {
      put(slot, values, { description: DESCRIPTION });
      const beside = { secret: randomBytes(12).toString('hex'), description: DESCRIPTION };
      for (const ref of [`${slot.ref}-beside`, `folder/beside/_/${slot.ref.split('/').at(-1)}`]) {
        const { path, id } = placeOf(ref, 'emulator');
        credentials.set(path, emulatedCredential('text', id, beside));
      }
      return slot;
    },
    overwrite: async (slot, values) => put(slot, values, {}),
    peek: async (slot) => {
      const found = credentials.get(placeOf(slot.ref, 'emulator').path);
      const present = slot.fields.flatMap((field) => {
        const text = found?.elements.get(elementFor(field)) ?? '';
        const value = field === 'content' ? Buffer.from(text, 'base64').toString('utf8') : text;
        return value === '' ? [] : [[field, value] as const];
      });
      return present.length === 0 ? undefined : Object.fromEntries(present);
    },
    neighbours: async (slot) => {
      const home = placeOf(slot.ref, 'emulator').path;
      const ours = new Set(slot.fields.map(elementFor));
      const all = [...credentials].map(([path, { root, elements }]) => [
        path,
        root,
        [...elements].filter(([name]) => path !== home || !ours.has(name)),
      ]);
      return JSON.stringify(all.sort());
    },
  };
  return emulator;
}

const VIEW = 'com.cloudbees.plugins.credentials.CredentialsProvider.View';
const UPDATE = 'com.cloudbees.plugins.credentials.CredentialsProvider.Update';

function denied(permission: string): EmulatedAnswer {
  return page(403, 'Forbidden', {
    'x-you-are-authenticated-as': 'keyturn',
    'x-required-permission': permission,
  });
}

/** Only administrators may ask for plug-ins. */
function told(plugins: readonly string[] | undefined): EmulatedAnswer {
  if (plugins === undefined) return denied('hudson.model.Hudson.Administer');
  return json({ plugins: plugins.map((shortName) => ({ active: true, shortName })) });
}

function kindFor({ fields }: Slot): EmulatedClass {
  if (fields.includes('content')) return 'file';
  return fields.includes('secret') || fields.includes(WHOLE) ? 'text' : 'login';
}

function elementFor(field: string): string {
  return field === WHOLE ? 'secret' : (ELEMENTS[field] ?? field);
}

function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}
