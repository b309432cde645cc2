import type { Document, YAMLError } from 'yaml';
import type { Parsed } from './parsed.ts';
import type { Fault } from './source.ts';

/**
 * What `yaml` finds wrong with a text. A name that stands twice leaves the rest readable, so all of those are told and
 * the rest is still checked; any other fault makes what follows guesswork, so only the first is.
 */
export async function yamlFaults(text: string): Promise<Parsed> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    // `silent` would be silent about a second document as well.
    logLevel: 'error',
  });
  const faultOf = ({ code, message, pos }: YAMLError): Fault => {
    const { line, col } = lines.linePos(pos[0]);
    return { line, column: col, message: sayFault(code, message) };
  };
  const broken = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (broken !== undefined) return { data: undefined, faults: [faultOf(broken)] };
  return { data: contentOf(document), faults: document.errors.map(faultOf) };
}

/** Nothing where an alias leads nowhere, which is found only now; that is told when the other faults are mended. */
function contentOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: -1 });
  } catch {
    return undefined;
  }
}

function sayFault(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this name stands twice in the same mapping';
  if (code === 'TAB_AS_INDENT') return 'is not YAML: a tab is used to indent; use spaces';
  if (code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply';
  if (code === 'MULTIPLE_DOCS') return 'holds several documents (---); put each into a file of its own';
  return `is not YAML: ${withoutText(message)}`;
}

/** Parsers quote what they stumble over, and that may be a secret: quotes and all after a colon are cut off. */
export function withoutText(message: string): string {
  const [head = message] = message.split(/:\s/);
  return head.replace(/"[^"]*"?|<[^>]*>?|'[^']*'?/g, '…');
}
