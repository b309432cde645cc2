import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../src/stores/jenkins/xml-elements.ts';
import { escapeXml, fitsIntoXml, unescapeXml } from '../../src/stores/jenkins/xml-text.ts';

describe('the elements of a definition', () => {
  it('are found by their places, whatever stands in and around them', () => {
    const xml = `<?xml version='1.1'?>
<!-- <a>not an element</a> -->
<root plugin="p@1 > 2" q='<'>
  <a k=">">x &lt; y</a>
  <b><a>nested</a><![CDATA[</b>]]></b>
  <c /><d></d>
</root>
`;
    const found = parseXml(xml);
    expect(found?.root).toBe('root');
    expect(found?.children.map(({ name, inner, startTag }) => [name, inner, startTag])).toEqual([
      ['a', 'x &lt; y', '<a k=">">'],
      ['b', '<a>nested</a><![CDATA[</b>]]>', '<b>'],
      ['c', '', '<c>'],
      ['d', '', '<d>'],
    ]);
    const texts = found?.children.map(({ start, end }) => xml.slice(start, end));
    expect(texts).toEqual([
      '<a k=">">x &lt; y</a>',
      '<b><a>nested</a><![CDATA[</b>]]></b>',
      '<c />',
      '<d></d>',
    ]);
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a/>text',
    'text<a/>',
    '<a><b></a></b>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a',
    '<a k="></a>',
    '<a><![CDATA[</a>',
  ])('are not guessed in %j', (xml) => {
    expect(parseXml(xml)).toBeUndefined();
  });

  it('are found in time, also in what is made to take long', () => {
    expect(parseXml(`<a ${'k="v" '.repeat(50_000)}`)).toBeUndefined();
    expect(parseXml('<a>'.repeat(100_000))).toBeUndefined();
    expect(parseXml(`<${'a'.repeat(1_000_000)}`)).toBeUndefined();
    // Far beyond any definition: it would exhaust the stack of a regular expression.
    expect(parseXml(`<a ${'b '.repeat(15_000_000)}`)).toBeUndefined();
  });
});

describe('a text in a definition', () => {
  it('may refer to no character at all', () => {
    expect(unescapeXml('a&#1114112;&#x110000;&#65;&constructor;')).toBe(
      'a&#1114112;&#x110000;A&constructor;',
    );
  });

  it('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        fc.pre(fitsIntoXml(value));
        const escaped = escapeXml(value);
        expect(escaped).not.toMatch(/[<>\r]/);
        expect(unescapeXml(escaped)).toBe(value);
        expect(parseXml(`<a><b>${escaped}</b></a>`)?.children[0]?.inner).toBe(escaped);
      }),
    );
  });
});
