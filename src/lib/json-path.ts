import { RotationError } from '../core/errors/rotation-error.ts';

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.[\]"'*\s]+)/y;

/**
 * The value at a dotted path (`data.keys[0].id`; a leading `$` is allowed, and alone means the whole document), or
 * undefined when there is none. Names with dots are quoted: `data["a.b"]`.
 * @throws RotationError CONFIG_INVALID when the path is malformed: a wildcard or a filter is no name to look for
 */
export function atPath(document: unknown, path: string): unknown {
  let current = document;
  for (const step of stepsOf(path)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}

/** The names and indices of a path. @throws RotationError CONFIG_INVALID */
export function stepsOf(path: string): readonly string[] {
  const steps = parse(path);
  if (steps !== undefined) return steps;
  throw new RotationError('CONFIG_INVALID', {
    subject: `path ${path}`,
    reason: 'it is not a dotted path such as data.keys[0].id',
  });
}

export function isJsonPath(path: string): boolean {
  return parse(path) !== undefined;
}

function parse(path: string): string[] | undefined {
  // `$ref` is a name; `$`, `$.` and `$[` are the root.
  const rest = path.replace(/^\$(?=$|[.[])/, '');
  if (rest === '') return path === '' ? undefined : [];
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < rest.length) {
    const startsPath = STEP.lastIndex === 0 && rest === path;
    const dotted = rest[STEP.lastIndex] === '.';
    const match = STEP.exec(rest);
    if (match === null) return undefined;
    const [, quoted, index, name = ''] = match;
    // `.name` after something, `name` at the start.
    if (name !== '' && dotted === startsPath) return undefined;
    steps.push(quoted?.replace(/\\(.)/g, '$1') ?? index ?? name);
  }
  return steps;
}
