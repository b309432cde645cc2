import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate, placeholdersIn } from '../../src/lib/template.ts';

const fill = (template: string, values: Record<string, string> = { value: 'a b"c' }): string =>
  fillTemplate(template, values, 'check x');

describe('a template', () => {
  it('is filled by name, with or without spaces, as often as it asks', () => {
    expect(fill('{{value}}/{{ value }}/{{user-name.x}}', { value: '1', 'user-name.x': '2' })).toBe('1/1/2');
  });

  it('encodes as its filter says', () => {
    expect(fill('{{value | url}}')).toBe('a%20b%22c');
    expect(fill('{{value|json}}')).toBe('a b\\"c');
    expect(fill('{{value | base64}}')).toBe(Buffer.from('a b"c').toString('base64'));
  });

  it('encodes where the place implies a filter, once', () => {
    expect(fillTemplate('{{value}}', { value: 'a b' }, 'x', 'url')).toBe('a%20b');
    expect(fillTemplate('{{value | url}}', { value: 'a b' }, 'x', 'url')).toBe('a%20b');
    expect(fillTemplate('{{value | base64}}', { value: 'a b' }, 'x', 'url')).toBe('YSBi');
  });

  it('never reads what it filled in as a template again, nor as a replacement pattern', () => {
    expect(fill('<{{value}}>', { value: '{{other}} $& $1 $$' })).toBe('<{{other}} $& $1 $$>');
  });

  it.each([
    '{{value | URL}}',
    '{{value|rot13}}',
    '{{}}',
    '{{ value value }}',
    '{{value | url | json}}',
    '{{1x}}',
  ])('refuses %s, rather than send it as it is', (template) => {
    expect(() => fill(template)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it.each(['other', 'constructor', 'toString', '__proto__'])(
    'does not know {{%s}}, and says what it knows',
    (name) => {
      if (name === '__proto__') expect(() => fill(`{{${name}}}`)).toThrow(/placeholder/);
      else expect(() => fill(`{{${name}}}`)).toThrow(/is not one of: value/);
    },
  );

  it('does not repeat a value when it complains', () => {
    const value = ['not', 'for', 'logs'].join('-');
    expect(() => fill('{{value}}{{other}}', { value })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(value) }),
    );
  });

  it('names its placeholders, each once', () => {
    expect(placeholdersIn('{{a}} {{b | url}} {{a}}', 'x')).toEqual(['a', 'b']);
    expect(placeholdersIn('{"a":{"b":1}}', 'x')).toEqual([]);
  });

  it('carries any value through JSON and through a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(JSON.parse(fill('{"k":"{{value | json}}"}', { value }))).toEqual({ k: value });
        expect(new URL(fill('http://h/?k={{value | url}}', { value })).searchParams.get('k')).toBe(value);
      }),
    );
  });
});
