/** Shorter text would blank out ordinary words; a secret that short has no entropy to protect anyway. */
export const SHORTEST_SECRET = 6;

/**
 * Every way in which a value may turn up in a log: as it is, line by line, JSON-escaped (once and twice, and as
 * other languages do it), URL-encoded, in hex, and in base64 wherever it stands in the encoded text.
 */
export function printedForms(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const text of new Set([value, value.trim(), ...value.split(/\r?\n/)])) {
    if (!isLongEnough(text)) continue;
    for (const form of formsOf(text)) forms.add(form);
  }
  return forms;
}

/** White space around a line does not make it a secret: the indentation of all output would be blanked out. */
function isLongEnough(text: string): boolean {
  return text.trim().length >= SHORTEST_SECRET;
}

/** None is shorter than the text itself. */
function formsOf(text: string): string[] {
  const escaped = jsonEscaped(text);
  return [
    text,
    ...jsonForms(escaped),
    ...urlForms(text),
    ...base64Forms(text),
    ...base64Forms(escaped),
    ...hexForms(text),
  ];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function jsonForms(escaped: string): string[] {
  const unicode = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return [
    escaped,
    jsonEscaped(escaped),
    // `util.inspect` quotes with the other quotation mark.
    escaped.replaceAll('\\"', '"'),
    // PHP, Go, Python.
    escaped.replaceAll('/', '\\/'),
    escaped.replace(/[<>&]/g, unicode),
    escaped.replace(/[^\0-~]/g, unicode),
  ];
}

function urlForms(text: string): string[] {
  // Half a surrogate pair cannot be encoded, and is written as U+FFFD.
  const whole = Buffer.from(text, 'utf8').toString('utf8');
  const component = encodeURIComponent(whole);
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', whole]]).toString().slice(1);
  const all = [
    component,
    strict,
    form,
    encodeURI(whole),
    component.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
  ];
  return [...all, ...all.map((encoded) => encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text, 'utf8').toString('hex');
  return [hex, hex.toUpperCase(), hex.replace(/(..)(?=.)/g, '$1 ')];
}

/** At each of the three places a byte can have in a group of three; only digits that depend on the value alone. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const own = digits.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(own)];
  });
}
