import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import { makeEmulatedFolder } from '../../lib/text-file/emulator/emulated-folder.ts';
import { loginFormat } from './login-format.ts';

const FILE = 'config.json';

/** A config.json as the docker CLI and its users leave it. */
export async function startDockerLoginEmulator(): Promise<StoreEmulator> {
  const folder = makeEmulatedFolder('docker-login');
  const text = (): string => (folder.has(FILE) ? folder.load(FILE) : first());
  const place = (registry: string, values: Readonly<Record<string, string>>): void => {
    const entry = `${JSON.stringify(registry)}: {"auth": "${login('robot', 'none')}", "email": "a@example.com"}`;
    const known = text().includes(JSON.stringify(registry));
    const whole = known ? text() : text().replace('"auths": {', () => `"auths": {\n\t\t${entry},`);
    folder.place(FILE, loginFormat(registry).edit(whole, new Map(Object.entries(values)), registry));
  };
  const valueIn = (registry: string, field: string): string | undefined =>
    folder.has(FILE) ? loginFormat(registry).valueOf(text(), field, registry) : undefined;

  return {
    // The user's own file may name helpers of theirs; here everything is in the file.
    options: () => ({ config: join(folder.root, FILE) }),
    resolve: () => undefined,
    sampleSlot: (name) => ({ ref: `${name}.registry.example.com`, fields: [WHOLE] }),
    seed: async (slot, values) => {
      place(slot.ref, values);
      return slot;
    },
    peek: async ({ ref, fields }) => {
      const found = fields.flatMap((field) => {
        const value = valueIn(ref, field);
        return value === undefined ? [] : [[field, value] as const];
      });
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    neighbours: async ({ ref, fields }) => {
      const blank = new Map(fields.map((field) => [field, 'x']));
      return JSON.stringify([loginFormat(ref).edit(text(), blank, ref), folder.mode(FILE), folder.files()]);
    },
    overwrite: async ({ ref }, values) => place(ref, values),
    ...folder.wire,
    effects: folder.effects,
    stop: folder.stop,
  };
}

/** Tabs, as the CLI writes them; the order of keys, numbers and escapes are people's. */
function first(): string {
  const auth = login('somebody', randomBytes(12).toString('hex'));
  return `{\n\t"auths": {\n\t\t"https://index.docker.io/v1/": {\n\t\t\t"auth": "${auth}"\n\t\t}\n\t},\n\t"psFormat": "{{.ID}}\\u003c",\n\t"detachKeys" : "ctrl-e,e", "big": 12345678901234567890.50\n}`;
}

function login(user: string, secret: string): string {
  return Buffer.from(`${user}:${secret}`, 'utf8').toString('base64');
}
