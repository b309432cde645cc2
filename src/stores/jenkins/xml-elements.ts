/** One element below the root, by its offsets in the text. */
export interface XmlElement {
  readonly name: string;
  /** From its `<`, up to behind its end tag. */
  readonly start: number;
  readonly end: number;
  /** `<name attributes>`, also where it was written `<name/>`. */
  readonly startTag: string;
  /** What is between its tags, as it stands. */
  readonly inner: string;
}

export interface XmlDocument {
  readonly root: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  readonly start: number;
  readonly startTag: string;
  readonly innerStart: number;
}

/**
 * Comment, CDATA, instruction, end tag (1), start tag (2: name, 3: attributes, 4: `/` when empty), text. A name ends where
 * it can: taken apart in every way there is, a long one would take hours.
 */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)(?=[\s/>])((?:[^<>"'/]|"[^"]*"|'[^']*')*)(\/?)>|[^<]+/y;

/** Jenkins shows no secrets, not even a secret file: a definition has a few hundred characters. */
const LONGEST = 1024 * 1024;

/**
 * Finds the elements below the root without taking the text apart, so that everything around a change stays byte for
 * byte. Undefined when it is not one well-formed element, has a document type, or is longer than any definition.
 */
export function parseXml(text: string): XmlDocument | undefined {
  if (text.length > LONGEST) return undefined;
  const open: Open[] = [];
  const children: XmlElement[] = [];
  let root: string | undefined;

  const close = ({ name, start, startTag, innerStart }: Open, innerEnd: number, end: number): void => {
    if (open.length === 1)
      children.push({ name, start, end, startTag, inner: text.slice(innerStart, innerEnd) });
  };

  /** Whether the token may stand here. */
  const take = ([token, endName, name, attributes = '', empty]: RegExpExecArray, start: number): boolean => {
    const end = start + token.length;
    if (endName !== undefined) {
      const element = open.pop();
      if (element?.name !== endName) return false;
      close(element, start, end);
      return true;
    }
    if (name === undefined) return open.length > 0 || OUTSIDE.test(token);
    if (open.length === 0 && root !== undefined) return false;
    root ??= name;
    const element = { name, start, startTag: `<${name}${attributes.trimEnd()}>`, innerStart: end };
    if (empty === '/') close(element, end, end);
    else open.push(element);
    return true;
  };

  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null || !take(match, at)) return undefined;
  }
  return root === undefined || open.length > 0 ? undefined : { root, children };
}

/** What may stand beside the root: white space, comments, instructions. */
const OUTSIDE = /^(\s+$|<!--|<\?)/;
