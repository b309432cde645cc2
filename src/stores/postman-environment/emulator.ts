import { randomBytes, randomUUID } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { json, problem } from './emulated-answers.ts';
import { type EmulatedEnvironment, neighbours, patch, shown } from './emulated-environment.ts';

const API_KEY = 'env:POSTMAN_EMULATOR_API_KEY';

export interface PostmanEnvironmentEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly environments: Map<string, EmulatedEnvironment>;
  /** What is answered to a write in place of doing it. */
  refuseWrites(answer: EmulatedAnswer | undefined): void;
}

export async function startPostmanEnvironmentEmulator(): Promise<PostmanEnvironmentEmulator> {
  const apiKey = ['PM', 'AK-', randomBytes(12).toString('hex'), '-', randomBytes(17).toString('hex')].join(
    '',
  );
  const environments = new Map<string, EmulatedEnvironment>();
  const idOf = new Map<string, string>();
  let refusing: EmulatedAnswer | undefined;
  let effects = 0;

  const write = (environment: EmulatedEnvironment, id: string, body: string): EmulatedAnswer => {
    const refusal = refusing ?? patch(environment, body);
    if (refusal !== undefined) return refusal;
    effects += 1;
    return shown(id, environment);
  };

  const handle = ({ method, path, headers, body }: EmulatedRequest): EmulatedAnswer => {
    if (headers['x-api-key'] !== apiKey) return UNKNOWN_KEY;
    if (path === '/me') return json(200, ME);
    const id = decodeURIComponent(/^\/environments\/([^/]+)$/.exec(path)?.[1] ?? '');
    const environment = environments.get(id);
    if (environment === undefined) return method === 'GET' ? NO_SUCH_ENVIRONMENT : problem(404);
    if (method === 'GET') return shown(id, environment);
    return method === 'PATCH' ? write(environment, id, body) : problem(404);
  };

  const server = await startLoopbackServer({
    isWrite: ({ method }) => method !== 'GET',
    handle,
    errorBody: (status) => {
      const { body = '', headers = {} } = problem(status);
      return { body, headers };
    },
  });

  const put = (id: string, values: Fields<string>): void => {
    const environment = environments.get(id) ?? { name: 'Staging', isPublic: false, values: [], writes: 0 };
    environments.set(id, environment);
    for (const [key, value] of Object.entries(values)) {
      const there = environment.values.find((variable) => variable.key === key);
      if (there === undefined) environment.values.push({ key, value, enabled: true, type: 'secret' });
      else there.value = value;
    }
    environment.writes += 1;
  };

  return {
    server,
    environments,
    refuseWrites: (answer) => {
      refusing = answer;
    },
    options: (original = {}) => ({ ...original, apiKey: API_KEY, baseUrl: server.url }),
    resolve: (reference) => (reference === API_KEY ? apiKey : undefined),
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    sampleSlot: (name, fields) => {
      const ref = idOf.get(name) ?? randomUUID();
      idOf.set(name, ref);
      return { ref, fields: fields.map((field) => (field === '' ? 'value' : field)) };
    },
    seed: async (slot, values) => {
      if (!environments.has(slot.ref)) {
        put(slot.ref, {});
        environments.get(slot.ref)?.values.push(...neighbours());
      }
      put(slot.ref, values);
      return slot;
    },
    overwrite: async (slot, values) => put(slot.ref, values),
    peek: async (slot) => {
      const present = slot.fields.flatMap((field) => {
        const value = environments.get(slot.ref)?.values.find(({ key }) => key === field)?.value ?? '';
        return value === '' ? [] : [[field, value] as const];
      });
      return present.length === 0 ? undefined : Object.fromEntries(present);
    },
    neighbours: async (slot) =>
      JSON.stringify(
        [...environments].map(([id, { name, isPublic, values }]) => [
          id,
          name,
          isPublic,
          values.map((variable) =>
            id === slot.ref && slot.fields.includes(variable.key) ? { ...variable, value: '' } : variable,
          ),
        ]),
      ),
  };
}

const ME: JsonObject = {
  user: {
    id: 12345678,
    username: 'ci',
    fullName: 'CI',
    teamId: 4711,
    teamName: 'Example',
    teamDomain: 'example',
  },
  operations: [{ name: 'api_usage', limit: 1_000_000, usage: 10_788, overage: 0 }],
};

const UNKNOWN_KEY = json(401, {
  error: {
    name: 'AuthenticationError',
    message: 'Invalid API Key. Every request requires a valid API Key to be sent.',
  },
});

/** A GET says so with 400. */
const NO_SUCH_ENVIRONMENT = json(400, {
  error: {
    name: 'instanceNotFoundError',
    message: 'We could not find the environment you are looking for',
  },
});
