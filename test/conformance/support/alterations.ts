/** One way in which an answer in JSON can be another one than was documented. */
export interface Alteration {
  readonly what: string;
  apply(body: string): string;
}

type Path = readonly (string | number)[];

/** Beyond that an answer is an example of what was altered already. */
const DEPTH = 5;

/**
 * Each part left out, and of another type; nothing for what is no JSON. An item that is left out of a list, and what is
 * of the owner's making (`own`), are no strange answer but another truth. What is `signed` is known to be of AWS, whose
 * texts and numbers are what its SDK says.
 */
export function alterationsOf(
  { body, signed }: { readonly body: string; readonly signed: boolean },
  own: readonly string[] = [],
): Alteration[] {
  const told = parsed(body);
  if (!isContainer(told)) return [];
  const texts = Array.isArray(told) ? ['null', '{}'] : ['null', '{}', '[]'];
  const whole = texts.map((text) => ({ what: text, apply: () => text }));
  const parts = partsIn(told).filter(({ path }) => !own.includes(String(path.at(-1))));
  return [...whole, ...parts.flatMap(({ path, value }) => changesAt(path, signed && !isContainer(value)))];
}

function changesAt(path: Path, onlyMissing: boolean): Alteration[] {
  const at = (what: string, next: (value: unknown) => unknown): Alteration => ({
    what: `${path.join('.')} ${what}`,
    apply: (body) => JSON.stringify(withChange(parsed(body), path, next)),
  });
  const missing = typeof path.at(-1) === 'string' ? [at('left out', () => undefined)] : [];
  return onlyMissing ? missing : [...missing, at('of another type', otherThan)];
}

function otherThan(value: unknown): unknown {
  if (Array.isArray(value)) return {};
  if (typeof value === 'object') return value === null ? 'text' : null;
  // What makes a text or a number of it without a look says so: `[object Object]`, `NaN`.
  return typeof value === 'boolean' ? 'text' : { strange: true };
}

/** Of a list, its first item stands for all. */
function partsIn(told: object, above: Path = []): { readonly path: Path; readonly value: unknown }[] {
  if (above.length >= DEPTH) return [];
  const keys = Array.isArray(told) ? (told.length === 0 ? [] : [0]) : Object.keys(told);
  return keys.flatMap((key) => {
    const value: unknown = (told as Record<string | number, unknown>)[key];
    const path = [...above, key];
    return [{ path, value }, ...(isContainer(value) ? partsIn(value, path) : [])];
  });
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function withChange(told: unknown, path: Path, next: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next(told);
  if (!isContainer(told)) return told;
  const copy: Record<string | number, unknown> = Array.isArray(told) ? ([...told] as never) : { ...told };
  const value = withChange(copy[key], rest, next);
  if (value !== undefined) copy[key] = value;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
