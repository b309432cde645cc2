/** A generated page: where it stands below `docs/reference/`, and its whole text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Joins blocks with one blank line between them; empty ones are left out. */
export function page(path: string, blocks: readonly string[]): Page {
  const body = blocks.filter((block) => block !== '').map((block) => block.trim());
  return { path, text: `${[GENERATED, ...body].join('\n\n')}\n` };
}

const GENERATED = '<!-- Written by scripts/gen-docs.ts; edit what it is made from, not this page. -->';
