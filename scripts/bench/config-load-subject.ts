/** One process of scripts/bench/config-load.ts: prints the milliseconds of each run as JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/config/load-config.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';

const facts = { title: '', summary: '', open: notOpened, emulator: notOpened };
const http = z.strictObject({ url: z.string().min(1), method: z.enum(['GET', 'POST']).default('GET') });
const vault = z.strictObject({ address: z.string().min(1) });
const postman = z.strictObject({ region: z.enum(['us', 'eu']).default('us') });

/** Loaded before the clock starts, as the modules of a command are. */
const catalog: PluginCatalog = {
  stores: {
    vault: async () => ({
      ...facts,
      id: 'vault',
      options: async () => vault,
      slot: { ref: '', field: '' },
      capabilities: {
        readable: true,
        versioned: true,
        cas: true,
        restore: 'version',
        maxBytes: undefined,
        evidence: 'read-back',
      },
    }),
  },
  issuers: {
    postman: async () => ({
      ...facts,
      id: 'postman',
      options: async () => postman,
      capabilities: {
        create: 'assisted',
        deactivate: 'assisted',
        reversible: false,
        delete: false,
        identify: true,
        usage: false,
        maxKeys: undefined,
        parts: ['value'],
      },
    }),
  },
  checks: { http: async () => ({ ...facts, id: 'http', options: async () => http }) },
  reloads: {},
  notifiers: {},
};

const [, , subject, folder = '', times = '1'] = process.argv;
const file = (name: string): string => join(folder, name);
const text = readFileSync(file(subject === 'JSON.parse' ? 'inventory.json' : 'inventory.yaml'), 'utf8');
const SUBJECTS: Readonly<Record<string, () => unknown>> = {
  'JSON.parse': () => JSON.parse(text),
  'js-yaml alone': () => load(text),
  'loadConfig, YAML': () => loadConfig(file('inventory.yaml'), { env: {}, catalog }),
  'loadConfig, JSON': () => loadConfig(file('inventory.json'), { env: {}, catalog }),
};
const run = SUBJECTS[subject ?? ''];
if (run === undefined) throw new Error(`no such subject: ${subject}`);

const milliseconds: number[] = [];
for (let count = 0; count < Number(times); count += 1) {
  const start = performance.now();
  await run();
  milliseconds.push(performance.now() - start);
}
console.log(JSON.stringify(milliseconds));

function notOpened(): never {
  throw new Error('nothing is opened to read a config');
}
