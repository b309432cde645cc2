import type { ConfigProblem } from './config-error.ts';
import { isShowable, type OtherPlace, type Path } from './shape/issue.ts';
import { loadLocators } from './source/locate.ts';
import type { Notebook } from './source/notebook.ts';
import type { PlacedIssue } from './source/source.ts';

/** Turns issues into problems: their lines, columns and nearest names are looked up only now. In reading order. */
export async function explainIssues(notebook: Notebook): Promise<readonly ConfigProblem[]> {
  const { distance } = await import('fastest-levenshtein');
  const locatorOf = await loadLocators();
  const see = ({ file, path }: OtherPlace): string => {
    const { line, column } = locatorOf(file)(path, 'key');
    return ` (see ${file.display}:${line}:${column})`;
  };

  const explain = (issue: PlacedIssue): Ordered => {
    const suggestion = issue.misspelt && nearest(issue.misspelt.name, issue.misspelt.among, distance);
    return {
      order: issue.file.index,
      file: issue.file.display,
      ...locatorOf(issue.file)(issue.path, issue.at),
      path: renderPath(issue.path),
      message: issue.other === undefined ? issue.message : `${issue.message}${see(issue.other)}`,
      ...(issue.expected === undefined ? {} : { expected: issue.expected }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  };
  const faults = notebook.sources.flatMap((source) =>
    source.faults.map(
      (fault): Ordered => ({ order: source.index, file: source.display, path: '', ...fault }),
    ),
  );
  return [...faults, ...notebook.issues.map(explain)]
    .sort((a, b) => a.order - b.order || a.line - b.line || a.column - b.column)
    .map(({ order: _order, ...problem }) => problem);
}

type Ordered = ConfigProblem & { readonly order: number };

/** Near enough to be a slip of the fingers: a third of the name, and never a name that shares nothing with it. */
function nearest(
  name: string,
  among: Iterable<string>,
  distance: (a: string, b: string) => number,
): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of among) {
    const changes = distance(name.toLowerCase(), candidate.toLowerCase());
    if (changes >= least || changes >= candidate.length) continue;
    best = candidate;
    least = changes;
  }
  return best;
}

/** `services.checkout.uses[0].from`; names with dots in brackets. */
export function renderPath(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!isShowable(step)) return '[…]';
    return /^[A-Za-z0-9_-]+$/.test(step) ? `.${step}` : `["${step}"]`;
  });
  return steps.join('').replace(/^\./, '');
}
