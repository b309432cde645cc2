import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { staticAnswer } from '../../src/start/fast-path.ts';
import { start } from '../../src/start/start.ts';

vi.mock('node:fs', async (original) => ({ ...(await original<object>()), writeSync: vi.fn() }));
vi.mock('../../src/start/fast-path.ts', () => ({ staticAnswer: vi.fn() }));

const ANSWER = 'keyturn/1.2.3 ключ\n';
const main = vi.fn();
const load = vi.fn(() => ({ main }));
const loader = vi.fn(() => ({ load, loaded: new Map() }));
let later: string;

beforeEach(() => {
  vi.stubGlobal('STATIC_TEXT', {});
  vi.stubGlobal('PACKAGE', { name: 'keyturn' });
  vi.mocked(staticAnswer).mockReturnValue(ANSWER);
  later = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    later += Buffer.from(chunk).toString('utf8');
    return true;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

/** What a write of the answer comes to, when the system takes it like this. */
async function written(take: () => number): Promise<string> {
  vi.mocked(writeSync).mockImplementation(take);
  await start(['--version'], '/opt/keyturn/dist', loader);
  return later;
}

const refusing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

test('a static answer is written at once, and nothing is loaded for it', async () => {
  expect(await written(() => Buffer.byteLength(ANSWER))).toBe('');
  expect(writeSync).toHaveBeenCalledExactlyOnceWith(1, ANSWER);
  expect(loader).not.toHaveBeenCalled();
});

test('what a pipe did not take goes the usual way, from that byte on', async () => {
  const taken = Buffer.byteLength('keyturn/1.2.3 кл');
  expect(await written(() => taken)).toBe('юч\n');
  expect(await written(refusing('EAGAIN'))).toBe(`юч\n${ANSWER}`);
});

test('a reader that has gone is not told, anything else is', async () => {
  expect(await written(refusing('EPIPE'))).toBe('');
  await expect(written(refusing('EIO'))).rejects.toMatchObject({ code: 'EIO' });
});

test('everything else is for the commands, with the package as the build knew it', async () => {
  vi.mocked(staticAnswer).mockReturnValue(undefined);
  await start(['plan', '--json'], '/opt/keyturn/dist', loader);
  expect(loader).toHaveBeenCalledExactlyOnceWith('/opt/keyturn/dist');
  expect(load).toHaveBeenCalledExactlyOnceWith(join('/opt/keyturn/dist', 'main.cjs'));
  const importModule = expect.any(Function);
  const home = { root: '/opt/keyturn/dist', pjson: { name: 'keyturn' }, importModule };
  expect(main).toHaveBeenCalledExactlyOnceWith(['plan', '--json'], home);
  expect(writeSync).not.toHaveBeenCalled();
});
