/** One step into a document: a field's name, or an index. */
export type Path = readonly (string | number)[];

/** A file as a message needs it: its name, and the text in which a line is counted. */
export interface IssueFile {
  /** Its number, in reading order. */
  readonly index: number;
  /** As messages name it. */
  readonly display: string;
  readonly text: string;
}

/** A place in a file, for a message that names a second place. */
export interface OtherPlace {
  readonly file: IssueFile;
  readonly path: Path;
}

/** A mistake as the reader sees it: a path in the document, no line yet. */
export interface Issue {
  /** From the value being read; grows at its front on the way out. */
  readonly path: (string | number)[];
  /** Whether the name of the field is meant, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  /** What was written, when it is a name (never a value that may be secret), and the names it could have been. */
  readonly misspelt?: { readonly name: string; readonly among: Iterable<string> };
  /** Where the message says "see": the first of two duplicates. */
  readonly other?: OtherPlace;
}

/** Stands for a value that could not be read; its issues say why. */
export const INVALID = Symbol('invalid');
export type Invalid = typeof INVALID;

const NAME_LIKE = /^[A-Za-z0-9_$][A-Za-z0-9_.$/ -]{0,59}$/;
/** Twenty letters and digits in a row, mixed, are a token and not a word. */
const TOKEN_LIKE = /(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{20}/;

/** Whether a name may be repeated: a slip of indentation can put a secret where a name belongs. */
export function isShowable(name: string): boolean {
  return NAME_LIKE.test(name) && !TOKEN_LIKE.test(name);
}

/** A name in quotes, or how long it is when it does not look like one. */
export function quoted(name: string): string {
  return isShowable(name) ? `"${name}"` : `a name of ${name.length} characters`;
}

/** What a value is, without saying it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}
