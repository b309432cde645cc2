import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atPath } from '../../src/lib/json-path.ts';
import { anyValue, fileFormat, place, spellingIn, whole } from './support/file-edit.ts';

const { read, edit } = await fileFormat('json');

const PLACES: readonly (readonly [field: string, text: string])[] = [
  ['key', '{"key":«"old"»}'],
  ['key', '\uFEFF{\r\n\t"key" :\t«"old \\u0041"» ,\r\n"n": [1.50, 12345678901234567890, 1E400]\r\n}\r\n'],
  ['list[1].key', '{"list": [ {"key":"a"} ,{ "key": «"old"», "x":"}]" }, [] ]}'],
  ['["a.b"]["say \\"x\\""]', '{"a.b": {"say \\"x\\"": «"old"»}, "a": {"b": "other"}}'],
  ['[""]', '{"": «"old"», " ": ""}'],
  ['0', '[«"old"», "other"]'],
  ['__proto__.key', '{"__proto__": {"key": «"old"»}}'],
  ['["quoted\\\\"]', '{ "quoted\\u005c" : «"\\""» }'],
];

describe.each(PLACES)('the value %s of a JSON file', (field, text) => {
  const there = place(text);

  it('gets any value, and every other byte stays', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(!value.startsWith('ENC[AES256_GCM,'));
        const edited = edit(whole(there), field, value);
        const known = read(whole(there), field) === value ? there.old : JSON.stringify(value);
        expect(spellingIn(edited, there)).toBe(known);
        expect(atPath(JSON.parse(edited.replace(/^\uFEFF/, '')), field)).toBe(value);
      }),
    );
  });

  it('comes back byte for byte but for its escapes', () => {
    const old = read(whole(there), field) ?? '';
    const back = edit(edit(whole(there), field, 'new'), field, old);
    expect(spellingIn(back, there)).toBe(JSON.stringify(old));
  });
});

describe('what a JSON file refuses', () => {
  it.each([
    ['a number', '{"key": 12}', /holds a number/],
    ['null', '{"key": null}', /holds null/],
    ['an object', '{"key": {}}', /holds an object/],
    ['a list', '{"key": []}', /holds a list/],
    ['a name that is there twice', '{"key": "a", "key": "b"}', /occurs 2 times/],
    ['comments', '{"key": "a"} // why', /not JSON/],
    ['a trailing comma', '{"key": "a",}', /not JSON/],
    ['nothing at all', '', /not JSON/],
    ['what SOPS has encrypted', '{"key": "ENC[AES256_GCM,data:x,type:str]"}', /SOPS/],
    ['what is plain in a file of SOPS', '{"key": "a", "sops": {"mac": "ENC[AES256_GCM,data:x]"}}', /SOPS/],
    ['a depth that no parser has', `${'['.repeat(200_000)}`, /not JSON|too deeply/],
  ])('%s', (_what, text, reason) => {
    const refused = expect.objectContaining({ code: 'REFUSED', message: expect.stringMatching(reason) });
    expect(() => read(text, 'key')).toThrow(refused);
    expect(() => edit(text, 'key', 'new')).toThrow(refused);
  });

  it('never shows a piece of what it could not read', () => {
    expect(() => read('{"key": "the-secret-itself" oops}', 'key')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('the-secret') }),
    );
  });

  it.each([
    ['{"keys": "a"}', 'key'],
    ['{"key": "a"}', 'key.deeper'],
    ['{"key": ["a"]}', 'key[1]'],
    ['{"key": ["a"]}', 'key[00]'],
    ['{"key": ["a"]}', 'key.length'],
    ['"key"', 'key'],
  ])('%s has no %s', (text, field) => {
    expect(read(text, field)).toBeUndefined();
    expect(() => edit(text, field, 'new')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
