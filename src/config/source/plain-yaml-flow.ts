import { Decline } from './plain-yaml-decline.ts';
import { type Scanner, scalarToken, takeEntries } from './plain-yaml-token.ts';

/** `{…}` or `[…]` on one line; undefined when something else stands here. */
export function flowValue(scanner: Scanner): unknown {
  const code = scanner.text.charCodeAt(scanner.at);
  if (code === 0x7b) return flowMapping(scanner);
  return code === 0x5b ? flowList(scanner) : undefined;
}

function flowMapping(scanner: Scanner): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  scanner.at += 1;
  if (peek(scanner) === 0x7d) return close(scanner, result);
  for (;;) {
    const key = scalarToken(scanner, true);
    if (!scanner.isKey || typeof key !== 'string' || key === '<<' || result[key] !== undefined)
      throw new Decline();
    peek(scanner);
    result[key] = value(scanner);
    const code = peek(scanner);
    if (code === 0x7d) return close(scanner, result);
    if (code !== 0x2c) throw new Decline();
    scanner.at += 1;
    peek(scanner);
  }
}

function flowList(scanner: Scanner): unknown[] {
  const from = scanner.entries.length;
  scanner.at += 1;
  if (peek(scanner) === 0x5d) return close(scanner, []);
  for (;;) {
    scanner.entries.push(value(scanner));
    const code = peek(scanner);
    if (code === 0x5d) return close(scanner, takeEntries(scanner, from));
    if (code !== 0x2c) throw new Decline();
    scanner.at += 1;
    peek(scanner);
  }
}

function value(scanner: Scanner): unknown {
  const flow = flowValue(scanner);
  if (flow !== undefined) return flow;
  // A dash alone, or a name without braces around it.
  if (scanner.text.startsWith('- ', scanner.at)) throw new Decline();
  const word = scalarToken(scanner, true);
  if (scanner.isKey) throw new Decline();
  return word;
}

function peek(scanner: Scanner): number {
  while (scanner.text.charCodeAt(scanner.at) === 0x20) scanner.at += 1;
  return scanner.text.charCodeAt(scanner.at);
}

function close<T>(scanner: Scanner, content: T): T {
  scanner.at += 1;
  return content;
}
