import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseFault } from '../../src/app/rehearse/fault-spec.ts';
import { rehearse } from '../../src/app/rehearse/rehearse.ts';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { catalog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';
import { codeBlocks, ROOT } from './markdown-files.ts';

/** Whoever copies the example of an issuer's page and rehearses it first, as the guide says, comes to a good end. */

let host: TestWorld;
let folder: string;
beforeAll(async () => {
  host = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'keyturn-examples-'));
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

interface ExampleKey {
  readonly issuer: { readonly type: string };
  /** Some examples are about the issuer alone. */
  readonly targets?: readonly { readonly store: string }[];
}

/** The keys in the YAML of the notes, each with its name. */
function keysOf(id: string): readonly (readonly [name: string, key: ExampleKey])[] {
  const notes = readFileSync(join(ROOT, 'src/issuers', id, 'notes.md'), 'utf8');
  return codeBlocks(notes, 'yaml')
    .flatMap((yaml) => Object.entries((parse(yaml) as { keys?: Record<string, ExampleKey> }).keys ?? {}))
    .filter(([, { issuer }]) => issuer.type === id);
}

const VAULT = {
  type: 'hashicorp-vault',
  address: 'https://vault.example.com',
  auth: { method: 'token', token: 'env:VAULT_TOKEN' },
  expect: { address: 'https://vault.example.com' },
};

const FAULTS = ['lost-answer@create-key', '429@create-key'];

describe.each(Object.keys(BUILT_IN.issuers))('the example of %s', (id) => {
  const keys = keysOf(id);

  test('is there', () => {
    expect(keys).not.toEqual([]);
  });

  test.each(keys.filter(([, { targets }]) => targets !== undefined))(
    '%s can be rehearsed',
    async (name, key) => {
      const stores = Object.fromEntries((key.targets ?? []).map(({ store }) => [store, VAULT]));
      const path = join(folder, 'rotation.config.yaml');
      writeFileSync(path, stringify({ version: 1, stores, keys: { [name]: key } }));
      const config = await loadConfig(path, { env: { KEYTURN_STATE: folder }, catalog });
      const runtime = host.runtime({ config, catalog });
      const request = { ...REQUEST, key: name };
      expect(await rehearse(runtime, request, FAULTS.map(parseFault), () => {})).toMatchObject({
        safe: true,
        report: { status: 'done' },
      });
    },
  );
});
