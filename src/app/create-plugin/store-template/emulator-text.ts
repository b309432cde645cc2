export function emulatorText(): string {
  return `// @ts-check
import { randomBytes } from 'node:crypto';
import { startLoopbackServer, WHOLE } from 'keyturn/plugin';

/** @import { EmulatedAnswer, EmulatedRequest, Fields, StoreEmulator } from 'keyturn/plugin' */

const TOKEN = 'env:EMULATED_TOKEN';

/**
 * Speaks the protocol of the real system, its errors and limits included: for the tests, and for everybody's
 * \`keyturn rehearse\`.
 * @returns {Promise<StoreEmulator>}
 */
export async function startEmulator() {
  const token = randomBytes(24).toString('base64url');
  /** @type {Map<string, { value: string, etag: string }>} */
  const stored = new Map();
  let changes = 0;
  let effects = 0;

  /** @type {(ref: string, value: string) => string} */
  const put = (ref, value) => {
    changes += 1;
    const etag = \`"\${changes}"\`;
    stored.set(ref, { value, etag });
    return etag;
  };

  /** @type {(request: EmulatedRequest) => EmulatedAnswer} */
  const handle = ({ method, path, headers, body }) => {
    if (headers.authorization !== \`Bearer \${token}\`) return { status: 401 };
    const ref = decodeURIComponent(path.slice(1));
    const now = stored.get(ref);
    if (now === undefined) return { status: 404 };
    if (method === 'GET') {
      const type = { 'content-type': 'text/plain; charset=utf-8' };
      return { status: 200, headers: { ...type, etag: now.etag }, body: now.value };
    }
    if (method !== 'PUT') return { status: 405 };
    const ifMatch = headers['if-match'];
    if (ifMatch !== '*' && ifMatch !== now.etag) return { status: 412 };
    effects += 1;
    return { status: 204, headers: { etag: put(ref, body) } };
  };

  const server = await startLoopbackServer({ isWrite: ({ method }) => method === 'PUT', handle });

  /** @type {(values: Fields<string>) => string} */
  const valueOf = (values) => Object.values(values)[0] ?? '';

  return {
    options: () => ({ address: server.url, token: TOKEN }),
    resolve: (reference) => (reference === TOKEN ? token : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    sampleSlot: (name) => ({ ref: \`apps/\${name}/api-key\`, fields: [WHOLE] }),
    seed: async (slot, values) => {
      put(slot.ref, valueOf(values));
      put(\`\${slot.ref}-beside\`, randomBytes(12).toString('hex'));
      return slot;
    },
    peek: async ({ ref }) => {
      const found = stored.get(ref);
      return found === undefined ? undefined : { [WHOLE]: found.value };
    },
    neighbours: async ({ ref }) => JSON.stringify([...stored].filter(([name]) => name !== ref)),
    overwrite: async ({ ref }, values) => {
      put(ref, valueOf(values));
    },
  };
}
`;
}
