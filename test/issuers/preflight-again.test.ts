import { describe, expect, it } from 'vitest';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { retryingIssuer } from '../../src/lib/issuer/retrying-issuer.ts';
import { instantClock } from '../../src/testing/instant-clock.ts';
import { CALL, openIssuer } from './open-issuer.ts';

/** Those that answer over HTTP; a program and a database have no status 429. */
const OVER_HTTP = Object.keys(issuers).filter(
  (id) => !['command', 'generated', 'postgres-role'].includes(id),
);

const POLICY = { attempts: 3, baseDelayMs: 1, maxDelayMs: 10 };

describe.each(OVER_HTTP)('the preflight of %s', (id) => {
  it('is asked again after one busy answer, and does not refuse the rotation for it', async () => {
    const plugin = await issuers[id]?.();
    const emulator = await (await plugin?.emulator())?.();
    if (plugin === undefined || emulator === undefined) expect.fail('it has no emulator');
    try {
      const old = await emulator.issue();
      const issuer = await openIssuer(plugin, emulator.options(), { resolve: emulator.resolve });
      void emulator.inject?.({ kind: 'status', status: 429, retryAfter: 1, on: 'any', times: 1 });
      const patient = retryingIssuer(issuer, POLICY, instantClock());
      const findings = await patient.preflight(old.credential, CALL);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      await issuer.close?.();
    } finally {
      await emulator.stop();
    }
  });
});
