const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Control characters: no XML carries them, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Half of a surrogate pair is no text, and would be sent as another character. */
const HALF_A_PAIR = /\p{Surrogate}/u;

export function isText(value: string): boolean {
  return !HALF_A_PAIR.test(value);
}

export function fitsIntoXml(value: string): boolean {
  return isText(value) && !UNSPEAKABLE.test(value);
}

/** Also what a parser takes for a line end, which would arrive as another character. */
const NEEDS_ESCAPE = /[&<>\r\u0085\u2028]/g;

export function escapeXml(value: string): string {
  return value.replace(NEEDS_ESCAPE, (character) => `&#${character.codePointAt(0)};`);
}

/** The text of an element without elements in it. A reference to no character stays as it stands. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name: string) => {
    if (decimal !== undefined) return character(Number(decimal)) ?? whole;
    if (hex !== undefined) return character(Number.parseInt(hex, 16)) ?? whole;
    return (Object.hasOwn(NAMED, name) ? NAMED[name] : undefined) ?? whole;
  });
}

function character(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
