/**
 * The value at a dotted path (`data.keys[0].id`, `$` prefix allowed), or undefined. Names with dots are quoted:
 * `data["a.b"]`.
 */
export function atPath(document: unknown, path: string): unknown {
  let current = document;
  for (const step of stepsOf(path)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}

function stepsOf(path: string): string[] {
  const steps: string[] = [];
  for (const match of path.replace(/^\$\.?/, '').matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const step = match[1] ?? match[2] ?? match[3];
    if (step !== undefined) steps.push(step);
  }
  return steps;
}
