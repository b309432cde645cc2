import { describe, expect, it } from 'vitest';
import { atPath, isJsonPath } from '../../src/lib/json-path.ts';

const DOCUMENT = {
  data: { keys: [{ id: 7 }, { id: 8 }], 'a.b': 'dotted', 'say "x"': 1, nothing: null, no: false },
  $ref: 'name',
  '0': 'zero',
};

describe('a path', () => {
  it.each([
    ['data.keys[1].id', 8],
    ['$.data.keys[0].id', 7],
    ['data["a.b"]', 'dotted'],
    ['data["say \\"x\\""]', 1],
    ['["data"].no', false],
    ['data.nothing', null],
    ['$ref', 'name'],
    ['$.$ref', 'name'],
    ['0', 'zero'],
    ['$', DOCUMENT],
  ])('%s finds what is there', (path, found) => {
    expect(atPath(DOCUMENT, path)).toEqual(found);
  });

  it('reaches into a list at the root', () => {
    expect(atPath([{ a: 1 }], '[0].a')).toBe(1);
    expect(atPath([{ a: 1 }], '$[0].a')).toBe(1);
  });

  it.each([
    'data.keys[2]',
    'data.none.deeper',
    'data.nothing.x',
    'constructor',
    'data.keys.map',
    'data.no.valueOf',
  ])('%s finds nothing, not even what every object has', (path) => {
    expect(atPath(DOCUMENT, path)).toBeUndefined();
  });

  it.each([
    '',
    '.',
    'a..b',
    'a.',
    '.a',
    '$a b',
    'a[*]',
    'a[?(@.x)]',
    '$..id',
    'a[-1]',
    "a['b']",
    'a[0',
    'a]',
    '*',
  ])('%j is refused: it would find nothing and prove nothing', (path) => {
    expect(isJsonPath(path)).toBe(false);
    expect(() => atPath(DOCUMENT, path)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
