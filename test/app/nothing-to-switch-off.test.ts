import { expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import type { RotateRequest } from '../../src/app/rotate.ts';
import { absentOperator } from '../../src/app/stdin-operator.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { holdings, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import { go, oldKeyLives, open, world } from './support/open-world.ts';

/** An API whose config describes these requests, and no others. */
const openHttp = (requests: JsonObject) =>
  open({
    issuer: {
      type: 'http',
      options: {
        address: 'https://keys.example.com',
        create: { method: 'POST', path: '/keys', parts: { value: 'secret' } },
        keyId: { part: 'value', pattern: '^(k_[0-9]+)_' },
        ...requests,
      },
    },
  });

const contain: RotateRequest = { ...REQUEST, mode: 'contain' };
const options = { acceptDrift: false, onPreflight: () => {} };
const found = async (request: RotateRequest) =>
  (await planRotation(world.runtime(), request, options)).findings.map(
    ({ severity, message }) => `${severity}: ${message}`,
  );

const IDENTIFY = { identify: { method: 'GET', path: '/me', principal: { id: 'id' } } };

it('a leak is not contained where the config does not say how the old key is switched off', async () => {
  await openHttp(IDENTIFY);
  expect(await found(contain)).toContainEqual(
    expect.stringMatching(/^error: contain mode kills the key first, and .* nothing to switch off/),
  );
  await expect(go({}, contain)).rejects.toMatchObject({ code: 'REFUSED' });
  expect(await oldKeyLives()).toBe(true);
});

it('a key that nothing switches off is told to live on, unless it is meant to', async () => {
  await openHttp(IDENTIFY);
  const warning = expect.stringMatching(/^warning: nothing switches the old key off/);
  expect(await found(REQUEST)).toContainEqual(warning);
  expect(await found({ ...REQUEST, policy: { deactivate: 'never' } })).not.toContainEqual(warning);
});

it('a key that the next one kills is contained by the next one', async () => {
  await open({ issuer: { type: 'conjur-api-key' }, stores: ['hashicorp-vault', 'dotenv'] });
  expect(await go({}, contain)).toMatchObject({ status: 'done' });
  expect(await holdings(world)).toEqual(['new', 'new']);
  expect(await oldKeyLives()).toBe(false);
});

it('a new key that nothing can end keeps its way back open until a person has deleted it', async () => {
  await openHttp({});
  const report = await go({ ...failChecks(world, 'check'), operator: absentOperator });
  expect(report).toMatchObject({ status: 'rollback-incomplete', exitCode: 5 });
  expect(report.live.newKey.state).not.toBe('deleted');
  expect(await world.issuer.keys()).toHaveLength(2);
  expect(await holdings(world)).toEqual(['old', 'old']);
});
