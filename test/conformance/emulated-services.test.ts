import { afterEach, expect, it } from 'vitest';
import { startHttpCheckEmulator } from '../../src/checks/http/emulator.ts';
import { startHttpReloadEmulator } from '../../src/reloads/http/emulator.ts';

/** The services of a rehearsal stand on one server, a path each. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

it('a service that nobody checks is not there', async () => {
  const emulator = await startHttpCheckEmulator();
  stops.push(emulator.stop);
  const url = String(emulator.options()['url']);
  const other = url.replace(/\/0\//, '/7/');
  expect(other).not.toBe(url);
  expect((await fetch(other)).status).toBe(404);
});

it('a service that nobody reloads is not there, and one that nobody waits for is up', async () => {
  const emulator = await startHttpReloadEmulator();
  stops.push(emulator.stop);
  const url = String(emulator.options({ url: 'https://platform.example/restart' })['url']);
  expect((await fetch(url.replace('/0/', '/7/'), { method: 'POST' })).status).toBe(404);
  expect(emulator.effects()).toBe(0);
  expect((await fetch(url.replace('/reload', '/look'))).status).toBe(200);
});
