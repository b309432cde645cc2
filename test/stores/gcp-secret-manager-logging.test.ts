import { randomBytes } from 'node:crypto';
import { afterAll, expect, it, vi } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { openRig } from './gcp-secret-manager-rig.ts';

// Told before anything of the SDK is loaded: some of it looks only then.
vi.stubEnv('GOOGLE_SDK_NODE_LOGGING', 'all');
afterAll(() => {
  vi.unstubAllEnvs();
});

/** What a machine of Google's asks who it is. */
function metadataServer(token: string): Promise<LoopbackServer> {
  const tokenAnswer = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 });
  return startLoopbackServer({
    isWrite: () => false,
    handle: ({ path }) => ({
      status: 200,
      headers: { 'metadata-flavor': 'Google', 'content-type': 'text/plain' },
      body: path.endsWith('/token') ? tokenAnswer : 'keyturn-emulated',
    }),
  });
}

it('prints nothing of what goes over the wire, whatever the logging of the SDK is told', async () => {
  const printed = [
    vi.spyOn(process.stderr, 'write').mockReturnValue(true),
    vi.spyOn(console, 'error').mockReturnValue(),
  ];
  const rig = await openRig();
  const slot = await rig.seeded('checkout');
  await rig.store.read(slot, rig);

  const machine = await metadataServer(randomBytes(16).toString('hex'));
  vi.stubEnv('GCE_METADATA_HOST', machine.url.replace('http://', ''));
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
  for (const home of ['HOME', 'APPDATA']) vi.stubEnv(home, '/nowhere');
  const onMachine = await openRig({}, { overrides: { keyFile: undefined } as never });
  // The emulator does not know the token; it has been sent, and that is what matters.
  await expect(onMachine.store.whoami(onMachine)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(machine.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/\/token$/));

  const text = printed.flatMap(({ mock }) => mock.calls.map(String)).join('');
  for (const spy of printed) spy.mockRestore();
  expect(text).toBe('');
  await Promise.all([rig.close(), onMachine.close(), machine.stop()]);
});
