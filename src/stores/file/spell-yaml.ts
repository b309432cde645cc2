/** Begins with a letter and has no sign that means anything: a text in YAML 1.1 and 1.2, in a block and in a flow. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./+=-]*$/;

/** Texts of that shape that some version of YAML takes for something else. */
const WORDS = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** What may stand in single quotes: printable, and on one line. */
const PRINTABLE = /^[^\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]*$/u;

/** What may stand on the lines of a block: nothing that a reader refuses, or takes for the end of a line. */
const BLOCK_LINES = /^(?:[\t\n]|[^\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF])*$/u;

/**
 * The ways to write a value in place of `old` (quotes or block header included), best first. The style that is there
 * stays where it can; double quotes can hold anything.
 */
export function spellYaml(value: string, old: string): readonly string[] {
  const quoted = doubleQuoted(value);
  if (/^[|>]/.test(old)) return blocks(value, old, quoted);
  if (old.startsWith('"')) return [quoted];
  const single = PRINTABLE.test(value) ? [`'${value.replaceAll("'", "''")}'`] : [];
  if (old.startsWith("'")) return [...single, quoted];
  return PLAIN.test(value) && !WORDS.test(value) ? [value, quoted] : [quoted];
}

/** JSON's escapes are YAML's; some characters have to be escaped in YAML alone. */
function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Header, lines, and the line end behind the last: a block scalar, or the block it has to become. */
const BLOCK = /^([|>])([-+1-9]*)([^\r\n]*)(\r?\n|$)([\s\S]*?)((?:\r?\n[ \t]*)*)$/;

function blocks(value: string, old: string, quoted: string): readonly string[] {
  const [, kind = '|', signs = '', comment = '', eol = '', body = '', tail = ''] = BLOCK.exec(old) ?? [];
  const indent = /^ */.exec(body.replace(/^(?: *\r?\n)*/, ''))?.[0] ?? '';
  const lines = value.replace(/\n+$/, '').split('\n');
  const written = lines.map((line) => (line === '' ? '' : indent + line)).join(eol);
  const chomping = value.endsWith('\n') ? '' : '-';
  const headers = [signs, signs.replace(/[-+]/, '') + chomping];
  return [
    // A folded block joins its lines.
    ...(BLOCK_LINES.test(value) && (kind === '|' || lines.length === 1) ? headers : []).map(
      (header) => `${kind}${header}${comment}${eol}${written}${tail}`,
    ),
    `${quoted}${comment}${tail}`,
  ];
}
