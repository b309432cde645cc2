import type { YAMLException } from 'js-yaml';
import type { Parsed } from './parsed.ts';
import type { Fault } from './source.ts';

/**
 * What is wrong with a text that could not be read. A name that stands twice leaves the rest readable, so all of
 * those are told and the rest is still checked; any other fault makes what follows guesswork, so only the first is.
 */
export async function yamlFaults(text: string, error: unknown): Promise<Parsed> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: 'silent',
  });
  const faults = document.errors.map((each): Fault & { code: string } => {
    const { line, col } = lines.linePos(each.pos[0]);
    return { line, column: col, message: sayFault(each.code, each.message), code: each.code };
  });
  const twice = faults.filter((fault) => fault.code === 'DUPLICATE_KEY');
  const [broken] = faults.filter((fault) => fault.code !== 'DUPLICATE_KEY');
  if (broken !== undefined) return { data: undefined, faults: [broken] };
  if (twice.length > 0) return { data: document.toJS({ maxAliasCount: -1 }), faults: twice };
  return { data: undefined, faults: [firstFault(error)] };
}

/** js-yaml's own words, where `yaml` finds nothing wrong. */
function firstFault(error: unknown): Fault {
  const { mark, reason } = error as Partial<YAMLException>;
  const message = `is not YAML: ${withoutText(reason ?? 'it cannot be read')}`;
  return { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1, message };
}

function sayFault(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this name stands twice in the same mapping';
  if (code === 'TAB_AS_INDENT') return 'is not YAML: a tab is used to indent; use spaces';
  if (code === 'MULTIPLE_DOCS') return 'holds several documents (---); put each into a file of its own';
  return `is not YAML: ${withoutText(message)}`;
}

/** Parsers quote what they stumble over, and that may be a secret: quotes and all after a colon are cut off. */
function withoutText(message: string): string {
  const [head = message] = message.split(/:\s/);
  return head.replace(/"[^"]*"?|<[^>]*>?|'[^']*'?/g, '…');
}
