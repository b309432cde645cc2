import { expect, test } from 'vitest';
import { type EmulatedAnswer, startLoopbackServer } from '../../src/plugin/index.ts';

test('an emulator in plain JavaScript that answers with what is no text is told so', async () => {
  const answers = [{ status: 200, body: { a: 1 } }, { status: 200, body: 'text' }, { status: 204 }];
  const handle = () => answers.shift() as EmulatedAnswer;
  const server = await startLoopbackServer({ isWrite: () => false, handle });
  try {
    const told = await fetch(server.url);
    expect([told.status, await told.text()]).toEqual([500, expect.stringContaining('JSON.stringify it')]);
    expect(await (await fetch(server.url)).text()).toBe('text');
    expect((await fetch(server.url)).status).toBe(204);
  } finally {
    await server.stop();
  }
});
