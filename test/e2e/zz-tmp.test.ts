import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { startHttpEmulator } from '../../src/issuers/http/emulator.ts';
import { useSites } from './support/use-sites.ts';

const sites = useSites();
const QUIETLY = ['--no-prompt', '--progress', 'none'];

test('an old key that did not die leads back to the gate; it is told why, and approved again', async () => {
  const issuer = await startHttpEmulator();
  sites.close(issuer.stop);
  const oldKey = (await issuer.issue()).credential['value']?.reveal() ?? '';
  const { auth: _auth, ...options } = issuer.options() as Record<string, JsonObject>;
  const site = await sites.open({
    oldKey,
    issuer: {
      type: 'http',
      ...options,
      auth: { authorization: { prefix: 'Bearer ', value: 'env:KEY_SERVICE_TOKEN' } },
      propagation: { confirmations: 1, intervalSeconds: 0.2, deadlineSeconds: 1 },
    },
  });
  const env = { KEY_SERVICE_TOKEN: issuer.resolve('env:KEY_SERVICE_TOKEN') ?? '' };
  const run = (...argv: string[]): ReturnType<typeof site.run> => site.run([...argv, ...QUIETLY], { env });

  expect((await run('rotate', 'shop-key', '--yes')).exitCode).toBe(6);
  const [id = ''] = await site.rotations();
  // Something on the way says yes, and the issuer never hears of it.
  issuer.inject?.({ on: 'write', kind: 'html' });
  const back = await run('approve', id);
  expect(back.exitCode).toBe(5);
  expect(back.stdout).toContain('Back at the gate: the old key failed its check');
  expect(back.stdout).toContain('old key   live');
  expect(back.stdout).toContain(`keyturn approve ${id}`);

  const shown = await site.run(['rotations', 'show', id], { env });
  expect(shown.stdout).toContain('at the gate');
  expect(shown.stdout).toContain('its issuer still accepts it');
  expect((await run('resume', id)).exitCode).toBe(6);

  const approved = await run('approve', id);
  expect(approved.exitCode).toBe(0);
  expect(approved.stdout).toMatch(/old key {3}(deleted|deactivated)/);
  const shownAtTheEnd = await site.run(['rotations', 'show', id], { env });
  expect(shownAtTheEnd.stdout).not.toContain('its issuer still accepts it');
});
