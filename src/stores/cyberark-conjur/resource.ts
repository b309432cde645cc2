import { RotationError } from '../../core/errors/rotation-error.ts';

export interface Resource {
  /** 0 while the variable has no value. */
  readonly highest: number;
  readonly annotations: ReadonlyMap<string, string>;
}

/**
 * From the answer of `GET /resources/…`: `{"annotations":[{"name","value"}],"secrets":[{"version","expires_at"}]}`.
 * @throws RotationError UNAVAILABLE when it is something else
 */
export function parseResource(
  document: unknown,
  about: { readonly subject: string; readonly action: string },
): Resource {
  const numbers = listOf(document, 'secrets')?.map(versionOf);
  // A version that cannot be read may be the newest: the value before it would pass for the one that is there.
  if (numbers === undefined || !numbers.every(Number.isInteger)) {
    throw new RotationError('UNAVAILABLE', {
      subject: about.subject,
      action: about.action,
      reason: 'the answer does not describe a Conjur variable',
      hint: 'Check that `address` is the Conjur API itself.',
    });
  }
  const annotations = (listOf(document, 'annotations') ?? [])
    .filter(isObject)
    .map(({ name, value }) => [String(name), String(value)] as const);
  return { highest: Math.max(0, ...numbers), annotations: new Map(annotations) };
}

function versionOf(secret: unknown): number {
  const version = isObject(secret) ? secret['version'] : undefined;
  return typeof version === 'number' ? version : Number.NaN;
}

function listOf(document: unknown, name: string): unknown[] | undefined {
  const list = isObject(document) ? document[name] : undefined;
  return Array.isArray(list) ? list : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
