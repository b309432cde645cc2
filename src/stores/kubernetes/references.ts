/** Where a pod names a Secret. */
export interface Reference {
  /** JSON pointer to the name. */
  readonly path: string;
  readonly name: string;
}

/** Objects that hold the name of a Secret, and under what: in `env`, `envFrom`, volumes, projected volumes, drivers. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  secretKeyRef: ['name'],
  secretRef: ['name'],
  secret: ['secretName', 'name'],
  nodePublishSecretRef: ['name'],
};

/** Every place in the spec of a pod that names a Secret. `at` is the pointer to the spec. */
export function referencesIn(podSpec: unknown, at: string): Reference[] {
  return Object.entries(objectOf(podSpec)).flatMap(([key, value]) => {
    const path = `${at}/${escaped(key)}`;
    if (key === 'imagePullSecrets' && Array.isArray(value))
      return value.flatMap((each: unknown, index) => named(each, ['name'], `${path}/${index}`));
    return within(key, value, path);
  });
}

function within(key: string, value: unknown, path: string): Reference[] {
  const holder = HOLDERS[key];
  if (holder !== undefined) return named(value, holder, path);
  return Object.entries(objectOf(value)).flatMap(([child, each]) =>
    within(child, each, `${path}/${escaped(child)}`),
  );
}

function named(value: unknown, keys: readonly string[], path: string): Reference[] {
  return keys.flatMap((key) => {
    const name = objectOf(value)[key];
    return typeof name === 'string' ? [{ path: `${path}/${key}`, name }] : [];
  });
}

/** Lists too: their indices are what a pointer has. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Of a step in a JSON pointer. */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
