import type { TomlQuote } from './toml-tree.ts';

/** The ways to write a value in place of `old`, best first. The quotes stay where they can; `"` can hold anything. */
export function spellToml(value: string, quote: TomlQuote, old: string): readonly string[] {
  const basic = escaped(JSON.stringify(value));
  if (quote === "'") return [`'${value}'`, basic];
  // In a file with other line ends nobody knows what a reader would make of ours.
  if (quote === '"' || !value.includes('\n') || old.includes('\r')) return [basic];
  // A reader may make one kind of line end of all.
  if (quote === "'''" && value.includes('\r')) return [basic];
  const opening = /^.{3}\n?/.exec(old)?.[0] ?? quote;
  return [`${opening}${quote === '"""' ? lines(value) : value}${quote}`, basic];
}

/** What JSON writes as it is and TOML does not. */
function escaped(text: string): string {
  return text.replace(/[\x7f-\x9f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Escaped as in a basic string, but for the line ends. */
function lines(value: string): string {
  const line = (text: string): string => escaped(JSON.stringify(text).slice(1, -1));
  return value.split('\n').map(line).join('\n');
}
