type Tree = Readonly<Record<string, unknown>>;

/** RFC 7396. For what is patched here, a strategic merge of maps is the same. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isTree(patch) || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = isTree(target) && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatched(merged[key], value);
  }
  return merged;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** RFC 6902, as far as it is used: `test` and `replace`. Undefined when a test fails or a place is not there. */
export function jsonPatched(target: Tree, operations: readonly Operation[]): Tree | undefined {
  const copy = structuredClone(target) as Record<string, unknown>;
  for (const { op, path, value } of operations) {
    const steps = path.split('/').slice(1);
    const last = unescaped(steps.pop() ?? '');
    const parent = steps.reduce<unknown>((at, step) => (isTree(at) ? at[unescaped(step)] : undefined), copy);
    if (!isTree(parent) || parent[last] === undefined) return undefined;
    if (op === 'test' && parent[last] !== value) return undefined;
    if (op === 'replace') (parent as Record<string, unknown>)[last] = value;
  }
  return copy;
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Lists too: their keys are what a pointer has. */
function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}
