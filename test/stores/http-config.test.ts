import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { WHOLE } from '../../src/core/plugins/store.ts';
import { startHttpStoreEmulator } from '../../src/stores/http/emulator.ts';
import { plugin } from '../../src/stores/http/index.ts';
import { openStore } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

const READ = { method: 'GET', path: '/{{ref | path}}/{{field | url}}', value: 'value' };
const WRITE = { method: 'PUT', path: '/{{ref | path}}/{{field | url}}', body: { value: '{{value}}' } };

describe('the config', () => {
  const problems = async (options: JsonObject): Promise<readonly string[]> => {
    const result = (await plugin.options()).safeParse({
      address: 'https://a.example',
      read: READ,
      write: WRITE,
      ...options,
    });
    return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  const TOGETHER = {
    read: { method: 'GET', path: '/{{ref | url}}', fields: 'data' },
    write: { method: 'PATCH', path: '/{{ref | url}}', body: { data: '{{values}}' } },
  };
  const RESTORE = { method: 'POST', path: '/{{ref | url}}/{{before | url}}' };
  const VERSION = { path: 'v' };

  it('needs no more than read and write', async () => {
    expect(await problems({})).toEqual([]);
    expect(await problems(TOGETHER)).toEqual([]);
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'a misspelt placeholder',
      { read: { ...READ, path: '/{{reff | url}}' } },
      /^read: {{reff}} is not one of/,
    ],
    [
      'a malformed one',
      { write: { ...WRITE, body: { a: '{{value', b: '{{va lue}}' } } },
      /^write: .*not a placeholder/,
    ],
    ['one that is not known there', { read: { ...READ, headers: { x: '{{value}}' } } }, /^read: {{value}}/],
    ['neither fields nor value', { read: { method: 'GET', path: '/x' } }, /^read: needs `fields` or `value`/],
    ['fields and value', { read: { ...READ, fields: 'data' } }, /^read: needs `fields` or `value`/],
    [
      'fields of a field',
      { ...TOGETHER, read: { ...READ, value: undefined, fields: 'd' } as never },
      /^read.fields: reads all/,
    ],
    [
      'a path that leads nowhere',
      { read: { ...READ, value: 'data[*].value' } },
      /^read.value: must be a path/,
    ],
    [
      'one that would only be read once a write is done',
      { write: { ...WRITE, version: { path: 'meta..version' } } },
      /^write.version.path: must be a path/,
    ],
    ['no value to write', { write: { ...WRITE, body: {} } }, /^write: needs {{value}} or/],
    ['a value in the address', { write: { ...WRITE, path: '/{{field | url}}/{{value | url}}' } }, /logs/],
    ['no field to write', { write: { ...WRITE, path: '/x' } }, /^write: does not say which {{field}}/],
    ['a field that is not read', { read: { ...READ, path: '/x' } }, /^write: names a {{field}}/],
    [
      'values of one value',
      { ...TOGETHER, read: { method: 'GET', path: '/x', value: 'v' } },
      /^write: has "{{values}}"/,
    ],
    [
      'values of a field',
      { ...TOGETHER, write: { ...TOGETHER.write, path: '/{{field | url}}' } },
      /^write: writes all/,
    ],
    [
      'values within a text',
      { ...TOGETHER, write: { ...TOGETHER.write, body: 'x={{values}}' } },
      /^write.body: must be a mapping/,
    ],
    [
      'a version nobody reads',
      { write: { ...WRITE, headers: { 'if-match': '{{version}}' } } },
      /^read: needs `version`/,
    ],
    [
      'a restore without versions',
      { restore: { ...RESTORE, path: '/{{field | url}}/{{before | url}}' } },
      /^read: needs `version`/,
    ],
    [
      'a restore of nothing',
      {
        ...TOGETHER,
        read: { ...TOGETHER.read, version: VERSION },
        write: { ...TOGETHER.write, version: VERSION },
        restore: { method: 'POST', path: '/x' },
      },
      /^restore: does not say which version/,
    ],
    [
      'a restore of a field where slots are read',
      {
        ...TOGETHER,
        read: { ...TOGETHER.read, version: VERSION },
        write: { ...TOGETHER.write, version: VERSION },
        restore: { ...RESTORE, path: '/{{field | url}}/{{before | url}}' },
      },
      /^restore: has to ask for each/,
    ],
    ['a literal credential', { auth: { authorization: { value: 'Bearer x' } } }, /^auth/],
    ['plain http to another machine', { address: 'http://a.example' }, /^address/],
  ])('refuses %s', async (_what, options, message) => {
    expect((await problems(options)).join('\n')).toMatch(message);
  });
});

describe('a rehearsal', () => {
  it('asks the emulator as the config asks the API', async () => {
    const emulator = await startHttpStoreEmulator();
    onTestFinished(() => emulator.stop());
    const address = 'https://a.example';
    const each = emulator.options({ address, read: READ, write: WRITE });
    expect(each).toMatchObject({ write: { body: { value: '{{value}}' } } });
    expect(each['restore']).toBeUndefined();
    const whole = emulator.options({
      address,
      read: { method: 'GET', path: '/x', value: 'v' },
      write: { method: 'PUT', path: '/x', body: '{{value}}' },
    });
    const store = await openStore(plugin, whole, emulator.resolve);
    const slot = await emulator.seed({ ref: 'x', fields: [WHOLE] }, { [WHOLE]: 'old' });
    await store.write(slot, secretsOf({ [WHOLE]: 'new' }), undefined, writing());
    expect(await emulator.peek(slot)).toEqual({ [WHOLE]: 'new' });
  });
});
