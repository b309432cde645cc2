import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { createLimiter } from '../../lib/limiter.ts';
import { FRAGMENT_FIELDS, ROOT_FIELDS } from '../schema/file-shapes.ts';
import { type FieldTable, type ObjectOf, readPartly } from '../shape/object.ts';
import { note } from '../shape/shape.ts';
import { expandInclude, isGlob } from './expand-include.ts';
import type { Notebook } from './notebook.ts';
import { parseText } from './parse-text.ts';
import type { Source } from './source.ts';

type RootFields = Partial<ObjectOf<typeof ROOT_FIELDS>>;
type FragmentFields = Partial<ObjectOf<typeof FRAGMENT_FIELDS>>;

export interface Sources {
  readonly file: Source;
  readonly root: RootFields;
  /** The top level of every file, the root's included, in reading order. */
  readonly contents: readonly { readonly source: Source; readonly fields: RootFields | FragmentFields }[];
}

/** Open files at once. */
const CONCURRENCY = 32;

/** Reads the root file and all it includes, each file once. Mistakes go into the notebook. */
export async function readSources(path: string, cwd: string, notebook: Notebook): Promise<Sources> {
  const limit = createLimiter(CONCURRENCY);
  const contents: { source: Source; fields: RootFields | FragmentFields }[] = [];
  const seen = new Set<string>();

  const visit = async (
    source: Source,
    fields: RootFields | FragmentFields,
    chain: readonly Source[],
  ): Promise<void> => {
    contents.push({ source, fields });
    const included = await includedBy(source, fields.include ?? [], chain, notebook);
    const fresh = included.filter((each) => !seen.has(each));
    for (const each of fresh) seen.add(each);
    const read = await Promise.all(fresh.map((each) => limit(() => readSource(each, cwd))));
    for (const each of read) {
      const next = notebook.add(each);
      await visit(next, topLevel(next, FRAGMENT_FIELDS, next.data ?? {}, notebook), [...chain, next]);
    }
  };

  const root = notebook.add(await readSource(resolve(cwd, path), cwd, NO_ROOT));
  seen.add(root.path);
  const fields = topLevel(root, ROOT_FIELDS, root.data, notebook);
  await visit(root, fields, [root]);
  return { file: root, root: fields, contents };
}

/** Nothing is known of a file that cannot be read: not even that something is missing in it. */
function topLevel<F extends FieldTable>(
  source: Source,
  fields: F,
  data: unknown,
  notebook: Notebook,
): Partial<ObjectOf<F>> {
  const broken = source.data === undefined && source.faults.length > 0;
  return broken ? {} : notebook.within(source, (reading) => readPartly(fields, data, reading));
}

async function includedBy(
  source: Source,
  patterns: readonly string[],
  chain: readonly Source[],
  notebook: Notebook,
): Promise<readonly string[]> {
  const expanded = await Promise.all(
    patterns.map(async (pattern) => ({ pattern, paths: await expandInclude(pattern, source.path) })),
  );
  return expanded.flatMap(({ pattern, paths }, index) => {
    // A glob beside the root file may well match the root file.
    const others = isGlob(pattern) ? paths.filter((each) => each !== source.path) : paths;
    const cycle = chain.find(({ path }) => others.includes(path));
    notebook.within(source, (reading) => {
      const at = { path: ['include', index] };
      if (others.length === 0) note(reading, { ...at, message: `"${pattern}" matches no file` });
      if (cycle !== undefined) {
        const names = [...chain.slice(chain.indexOf(cycle)), cycle].map(({ display }) => display);
        note(reading, { ...at, message: `files include each other: ${names.join(' → ')}` });
      }
    });
    return others.filter((each) => !chain.some(({ path }) => path === each));
  });
}

/** @param hint what to do when there is no such file */
async function readSource(path: string, cwd: string, hint = ''): Promise<Omit<Source, 'index'>> {
  const below = relative(cwd, path);
  const display = below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
  try {
    // In one piece: asked for text, it would decode piece by piece.
    const text = (await readFile(path)).toString('utf8');
    return { path, display, text, ...(await parseText(text, path)) };
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}${isAbsent(error) ? hint : ''}`;
    return { path, display, text: '', data: undefined, faults: [{ line: 1, column: 1, message }] };
  }
}

/** Whoever begins has none yet, or stands in another folder. */
const NO_ROOT = '; `keyturn init` writes one, and `--config PATH` names one elsewhere';

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return REASONS[code] ?? code;
  // The parsers go down into a text as deep as the stack is.
  if (error instanceof RangeError) return 'it is nested too deeply';
  throw error;
}
