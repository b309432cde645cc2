import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { startVaultEmulator } from '../../src/stores/hashicorp-vault/emulator.ts';
import { canariesIn, filesBelow, formsOf, readBytes } from './support/canary-forms.ts';
import type { Run, Site } from './support/site.ts';
import { useSites } from './support/use-sites.ts';

const sites = useSites();
const NOSY = join(import.meta.dirname, 'support/nosy-check.cjs');

interface Watched {
  readonly site: Site;
  /** Runs keyturn and keeps what it printed. */
  run(argv: readonly string[], env?: Record<string, string>): Promise<Run>;
  /** What the nosy check writes down, apart from everything that is searched. */
  readonly notes: string;
  loseNextAnswer(): void;
  /** Every place in which any canary was found. */
  search(): Promise<string[]>;
  keys(): Promise<string[]>;
}

/** A key in a file and in Vault, a service whose check prints the key, and an age identity given by reference. */
async function openWatched(): Promise<Watched> {
  const notes = await mkdtemp(join(tmpdir(), 'keyturn-notes-'));
  sites.close(() => rm(notes, { recursive: true, force: true }));
  const vault = await startVaultEmulator();
  sites.close(vault.stop);
  // Standard base64 has characters that differ in each form.
  const oldKey = `${randomBytes(29).toString('base64')}`;
  await writeFile(join(notes, 'old-key'), oldKey);
  const slot = await vault.seed({ ref: 'secret/apps/shop', fields: ['API_KEY'] }, { API_KEY: oldKey });
  const site = await sites.open({ oldKey });
  const { auth, ...options } = vault.options() as { auth: { token: string } } & JsonObject;
  const token = vault.resolve(auth.token) ?? '';
  const identity = await generateIdentity();
  await site.writeConfig({
    version: 1,
    sealing: { identity: 'env:AGE_IDENTITY' },
    stores: {
      'env-files': { type: 'dotenv' },
      vault: { type: 'hashicorp-vault', ...options, auth: { method: 'token', token: 'env:VAULT_TOKEN' } },
    },
    keys: {
      'shop-key': {
        issuer: { type: 'generated', format: 'bytes', bits: 256 },
        targets: [{ store: 'vault', ref: slot.ref, field: 'API_KEY' }],
      },
    },
    services: {
      shop: {
        wave: 'canary',
        uses: [{ key: 'shop-key', from: [{ store: 'env-files', ref: 'shop.env', field: 'API_KEY' }] }],
        reload: {
          type: 'command',
          command: ['node', '-e', 'console.log(process.env.TOKEN)'],
          envFrom: { TOKEN: 'env:VAULT_TOKEN' },
        },
        checks: [
          { name: 'nosy', type: 'command', command: ['node', NOSY, notes], env: { API_KEY: 'value' } },
        ],
      },
    },
  });
  const printed: string[] = [];
  const keys = async (): Promise<string[]> => [
    ...new Set((await readFile(join(notes, 'keys'), 'utf8')).trim().split('\n')),
  ];
  return {
    site,
    notes,
    keys,
    loseNextAnswer: () => vault.inject?.({ on: 'write', kind: 'lost-answer' }),
    run: async (argv, env = {}) => {
      const run = await site.run(argv, { env: { VAULT_TOKEN: token, AGE_IDENTITY: identity, ...env } });
      printed.push(run.stdout, run.stderr);
      return run;
    },
    search: async () => {
      const all = (await keys()).map((key, index) => [`key ${index}`, key] as const);
      const canaries = { ...Object.fromEntries(all), token, identity };
      const places: [string, string][] = printed.map((text, index) => [`output ${index}`, text]);
      places.push(['command lines', await readBytes(join(notes, 'command-lines'))]);
      // The targets hold the key: that is what they are for.
      for (const path of await filesBelow(site.folder, (file) => /\/(shop|courier)\.env$/.test(file)))
        places.push([path.slice(site.folder.length), await readBytes(path)]);
      return places.flatMap(([place, text]) =>
        canariesIn(text, canaries).map((what) => `${what} in ${place}`),
      );
    },
  };
}

describe('no secret is anywhere but in the stores', () => {
  test('over a plan, a failed rotation, one that is rolled back and one to the end, in text and JSON', async () => {
    const { site, run, notes, loseNextAnswer, keys, search } = await openWatched();
    expect((await run(['plan', 'shop-key', '--out', 'plan.json'])).exitCode).toBe(0);
    expect((await run(['plan', 'shop-key', '--json'])).exitCode).toBe(0);
    expect((await run(['doctor', '--json'])).exitCode).toBe(0);

    await writeFile(join(notes, 'fail'), '');
    const json = ['--json', '--progress', 'json'];
    expect((await run(['rotate', 'shop-key', '--yes', ...json])).exitCode).toBe(4);
    expect((await run(['rotate', 'shop-key', '--yes'], { KEYTURN_DEBUG: '1' })).exitCode).toBe(4);
    expect((await site.holds())[0]).toBe(site.oldKey);
    await rm(join(notes, 'fail'));

    loseNextAnswer();
    const asked = await run(['rotate', 'shop-key', '--yes', '--plan', 'plan.json', ...json]);
    expect(asked.exitCode).toBe(6);
    const paused = asked.json<{ rotationId: string }>().rotationId;
    expect(await search()).toEqual([]);
    expect((await run(['rotations', 'show', paused, '--json'])).exitCode).toBe(0);
    expect((await run(['rollback', paused, ...json])).exitCode).toBe(4);

    const atGate = await run(['rotate', 'shop-key', '--yes', '--progress', 'plain']);
    expect(atGate.exitCode).toBe(6);
    const last = /keyturn approve (\S+)/.exec(atGate.stdout)?.[1] ?? '';
    expect((await run(['approve', last])).exitCode).toBe(0);
    expect((await run(['rotations'])).exitCode).toBe(0);

    // Old, two that failed, one that was rolled back, one that is live: each was seen by the check, and so was searched.
    expect(await keys()).toHaveLength(5);
    expect((await site.holds())[0]).not.toBe(site.oldKey);
    expect(await search()).toEqual([]);
  });

  test('what a pipe gives is known before anything can fail', async () => {
    const { site, run, search } = await openWatched();
    const pasted = randomBytes(24).toString('base64');
    await run(['plan', 'shop-key']);
    const config = await site.read('rotation.config.yaml');
    await site.write('rotation.config.yaml', config.replace('"version": 1', '"version": 9'));
    const failed = await site.run(['rotate', 'shop-key', '--yes', '--new-key-stdin'], { stdin: pasted });
    expect(failed.exitCode).toBe(2);
    expect(canariesIn(failed.stderr + failed.stdout, { pasted })).toEqual([]);
    expect(await search()).toEqual([]);
  });

  test('the search itself finds each form, wherever it stands', () => {
    const value = randomBytes(24).toString('base64');
    const encoded = ['', 'a', 'ab'].map((before) => Buffer.from(`${before}${value}xyz`).toString('base64'));
    for (const text of [...formsOf(value), ...encoded])
      expect(canariesIn(`before ${text} after`, { value })).toHaveLength(1);
    expect(canariesIn('nothing', { value })).toEqual([]);
  });
});
