import fc from 'fast-check';
import { expect, it } from 'vitest';
import { membersOf } from '../../src/lib/store/json-members.ts';
import { fieldOf, withFields } from '../../src/lib/store/json-text.ts';

const object = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
const layout = fc.constantFrom(undefined, 2, '\t');

it('sets a field, and leaves every other member and every byte between them as it was', () => {
  fc.assert(
    fc.property(object, fc.string(), fc.string(), layout, (document, field, value, indent) => {
      const text = JSON.stringify(document, null, indent);
      const edited = withFields(text, { [field]: value });
      expect(fieldOf(edited, field)).toEqual({ usable: true, text: value });
      const others = (source: string): string[] =>
        membersOf(source)
          .filter((member) => member.name !== field)
          .map((member) => source.slice(member.nameStart, member.valueEnd));
      expect(others(edited)).toEqual(others(text));
      if (Object.hasOwn(document, field) && typeof document[field] === 'string') {
        expect(withFields(edited, { [field]: document[field] })).toBe(text);
      }
    }),
  );
});

it('keeps what a parser would change', () => {
  const text = '{ "n": 1.50, "big": 12345678901234567890,\r\n"K" : "old", "s": "\\u00e9\\/" }\n';
  expect(withFields(text, { K: 'n"ew' })).toBe(text.replace('"old"', '"n\\"ew"'));
});

it('lays a new member out as the others are', () => {
  expect(withFields('{\n  "a": 1\n}', { b: '2' })).toBe('{\n  "a": 1,\n  "b": "2"\n}');
  expect(withFields('{}', { b: '$&' })).toBe('{"b":"$&"}');
});

it.each(['[]', '"text"', 'null', '{', '12', ''])('has no fields in %s', (text) => {
  expect(fieldOf(text, 'a')).toMatchObject({ usable: false });
});

it('does not take a nested key for one at the top', () => {
  expect(fieldOf('{"outer": {"a": "inner"}}', 'a')).toEqual({ usable: true, text: undefined });
});
