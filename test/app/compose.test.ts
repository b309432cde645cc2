import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { composeRuntime } from '../../src/app/compose.ts';
import { absentOperator } from '../../src/app/stdin-operator.ts';
import { Secret } from '../../src/core/secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-compose-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function composed(env: Record<string, string>, sealing = {}) {
  const configPath = join(folder, 'rotation.config.yaml');
  await writeFile(configPath, JSON.stringify({ version: 1, sealing }));
  const never = new AbortController().signal;
  return composeRuntime({
    configPath,
    env,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
  });
}

describe('what opens sealed material, and signs, is kept apart from the state folder', () => {
  it.each([
    ['in KEYTURN_HOME', () => ({ KEYTURN_HOME: join(folder, 'a'), HOME: '/nowhere' }), 'a'],
    ['in XDG_CONFIG_HOME', () => ({ XDG_CONFIG_HOME: join(folder, 'b'), HOME: '/nowhere' }), 'b/keyturn'],
    ['in the home of whoever runs it', () => ({ HOME: join(folder, 'c') }), 'c/.config/keyturn'],
    ['in the home the system knows, where the environment has none', () => ({}), 'd/.config/keyturn'],
  ])('%s', async (_where, env, home) => {
    vi.stubEnv('HOME', join(folder, 'd'));
    const { sign, storage } = await composed(env());
    await sign('a receipt');
    await (await storage.sealer('r1')).seal(new Secret('something-to-seal'));
    expect((await readdir(join(folder, home))).sort()).toEqual(['identity.txt', 'receipt-signing.pem']);
  });
});

describe('what is sealed is opened by', () => {
  const value = new Secret('something-to-seal');

  it('the identity that the config refers to, and by no other', async () => {
    const env = { KEYTURN_HOME: join(folder, 'home'), MINE: await generateIdentity() };
    const sealing = { identity: 'env:MINE' };
    const sealed = await (await (await composed(env, sealing)).storage.sealer('r1')).seal(value);
    const again = await (await composed(env, sealing)).storage.sealer('r1');
    expect((await again.unseal(sealed)).equals(value)).toBe(true);
    expect(await readdir(folder)).not.toContain('home');

    const other = { ...env, MINE: await generateIdentity() };
    await expect((await composed(other, sealing)).storage.sealer('r1')).rejects.toMatchObject({
      code: 'REFUSED',
    });
  });

  it('the passphrase that the config refers to', async () => {
    const env = { KEYTURN_HOME: join(folder, 'home'), PASS: 'correct horse battery' };
    const sealing = { passphrase: 'env:PASS' };
    const sealed = await (await (await composed(env, sealing)).storage.sealer('r1')).seal(value);
    const again = await (await composed(env, sealing)).storage.sealer('r1');
    expect((await again.unseal(sealed)).equals(value)).toBe(true);
    await expect(
      (await composed({ ...env, PASS: 'another' }, sealing)).storage.sealer('r1'),
    ).rejects.toMatchObject({ code: 'REFUSED' });
  });
});
