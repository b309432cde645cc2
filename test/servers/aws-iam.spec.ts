import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerPlugin } from '../../src/core/plugins/plugin.ts';
import { plugin } from '../../src/issuers/aws-iam/index.ts';
import { creatingCases } from '../../src/testing/issuers/creating.ts';
import { honestyCases } from '../../src/testing/issuers/honesty.ts';
import { killingCases } from '../../src/testing/issuers/killing.ts';
import { type IssuerRig, openRig } from '../../src/testing/issuers/rig.ts';
import { wireCases } from '../../src/testing/issuers/wire.ts';
import { startMotoIssuer } from './moto-issuer.ts';
import { withServer } from './with-server.ts';

withServer('moto', ({ url }) => {
  const onMoto: IssuerPlugin = { ...plugin, emulator: async () => () => startMotoIssuer(url) };
  /**
   * moto's STS tells whose a key is, but accepts a dead one as well: that a key is dead is seen in moto's list of keys,
   * and the suite is told that this issuer cannot identify.
   */
  const unidentified: IssuerPlugin = {
    ...onMoto,
    capabilities: { ...plugin.capabilities, identify: false },
    open: async () => {
      const open = await plugin.open();
      return async (options, ctx) => {
        const { identify: _identify, ...issuer } = await open(options, ctx);
        return issuer;
      };
    },
  };
  const traits = { plugin: unidentified, wire: true, lists: true };

  let rig: IssuerRig;
  beforeEach(async () => {
    rig = await openRig(unidentified);
  });
  afterEach(() => rig.close());

  describe('honesty', () => honestyCases(traits, () => rig));
  describe('creating', () => creatingCases(traits, () => rig));
  describe('killing', () => killingCases(traits, () => rig));
  describe('wire', () => wireCases(traits, () => rig));

  it('names the user a key belongs to', async () => {
    const identifying = await openRig(onMoto);
    const principal = await identifying.issuer.identify?.(identifying.old.credential, identifying.call);
    expect(principal?.id).toMatch(/^arn:aws:iam::\d{12}:user\/svc-/);
    await identifying.close();
  });
});
