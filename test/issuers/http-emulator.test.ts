import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import { startHttpEmulator } from '../../src/issuers/http/emulator.ts';
import { plugin } from '../../src/issuers/http/index.ts';
import { createKey } from '../../src/steps/create-key.ts';
import { contextWith } from '../steps/support/step-context.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

/** What the emulated key service does with requests that its own options never send. */

let emulator: IssuerEmulator;
beforeEach(async () => {
  emulator = await startHttpEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}) =>
  openIssuer(plugin, { ...emulator.options(), ...options }, emulator);

it('gives keys to nobody without the token', async () => {
  await refusal((await open({ auth: {} })).createKey('label', CALL), 'UNAUTHENTICATED');
  const stranger = await openIssuer(plugin, emulator.options(), { resolve: () => 'another-token' });
  await refusal(stranger.createKey('label', CALL), 'UNAUTHENTICATED');
  expect(await emulator.keys()).toEqual([]);
});

it('has no other paths', async () => {
  const key = await emulator.issue();
  const list = { method: 'GET', path: '/v1/tokens', items: 'data', id: 'id' };
  const deactivate = { method: 'POST', path: '/v1/keys/{{keyId | url}}/pause' };
  const issuer = await open({ list, deactivate });
  await refusal(Promise.resolve(issuer.listKeys?.(CALL)), 'NOT_FOUND');
  await refusal(Promise.resolve(issuer.deactivateKey?.(key, CALL)), 'NOT_FOUND');
  expect(await emulator.isLive(key.credential)).toBe(true);
  expect(emulator.effects()).toBe(0);
});

it('makes one key for one idempotency key', async () => {
  const create = { ...(emulator.options()['create'] as JsonObject), idempotencyHeader: 'Idempotency-Key' };
  const issuer = await open({ create });
  const [first, again] = [await issuer.createKey('label', CALL), await issuer.createKey('label', CALL)];
  expect(again.id).toBe(first.id);
  const other = await issuer.createKey('another label', CALL);
  expect(await emulator.keys()).toEqual([
    { id: first.id, active: true },
    { id: other.id, active: true },
  ]);
  expect(emulator.effects()).toBe(2);
});

it('makes another key after one whose answer was lost was removed, though it remembers the header', async () => {
  const create = { ...(emulator.options()['create'] as JsonObject), idempotencyHeader: 'Idempotency-Key' };
  const issuer = await open({ create });
  const old = await emulator.issue();
  const step = createKey(issuer, {
    made: 'api',
    deactivate: 'api',
    longestCreateMs: 60_000,
    title: 'Make it',
    confirmDone: async () => {},
  });
  const ctx = await contextWith(old.credential);
  const lost = (await step.prepare?.(ctx)) as never;
  void emulator.inject?.({ kind: 'lost-answer', on: 'write', times: 1 });
  await expect(step.run(lost, ctx)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  const found = await step.reconcile?.(lost, ctx);
  if (found?.state !== 'orphaned') expect.fail('the key was not found');
  await step.discard?.(found.output, ctx);
  ctx.clock.advance(1);
  const made = await step.run((await step.prepare?.(ctx)) as never, ctx);
  expect(made.keyId).not.toBe(found.output.keyId);
  expect(await emulator.keys()).toEqual([
    { id: old.id, active: true },
    { id: made.keyId, active: true },
  ]);
});

it('has one part for secret and id where the config has but one', async () => {
  const create = { method: 'POST', path: '/x', parts: { token: 'a' } };
  const options = emulator.options({ address: 'https://x.example', create, keyId: { part: 'token' } });
  const issuer = await openIssuer(plugin, options, emulator);
  const issued = await issuer.createKey('label', CALL);
  expect(issuer.keyIdOf(issued.credential)).toBe(issued.id);
  expect(await emulator.isLive(issued.credential)).toBe(true);
  expect(await emulator.isLive({})).toBe(false);
});
