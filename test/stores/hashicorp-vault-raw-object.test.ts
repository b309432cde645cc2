import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinObject, splitObject } from '../../src/stores/hashicorp-vault/raw-object.ts';

it('splits any JSON object into texts that say the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (object, space) => {
      const entries = splitObject(JSON.stringify(object, null, space));
      expect([...entries.keys()].sort()).toEqual(Object.keys(object).sort());
      for (const [key, raw] of entries)
        expect(JSON.parse(raw)).toEqual(JSON.parse(JSON.stringify(object[key])));
      expect(JSON.parse(joinObject(entries))).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});

it('keeps the text of values as it was', () => {
  const text = '{ "a" : 12345678901234567890 , "b":1.0,"c\\u0022":{"d":[1e3,"}\\\\\\""]},"e":null}';
  expect(Object.fromEntries(splitObject(text))).toEqual({
    a: '12345678901234567890',
    b: '1.0',
    'c"': '{"d":[1e3,"}\\\\\\""]}',
    e: 'null',
  });
});

it('takes a name like __proto__ for a name', () => {
  expect(joinObject(splitObject('{"__proto__":{"x":1},"constructor":2}'))).toBe(
    '{"__proto__":{"x":1},"constructor":2}',
  );
});
