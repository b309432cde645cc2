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
  const secrets = listOf(document, 'secrets');
  if (secrets === undefined) {
    throw new RotationError('UNAVAILABLE', {
      subject: about.subject,
      action: about.action,
      reason: 'the answer does not describe a Conjur variable',
      hint: 'Check that `address` is the Conjur API itself.',
    });
  }
  const numbers = secrets.map((secret) => secret['version']).filter((version) => typeof version === 'number');
  const annotations = (listOf(document, 'annotations') ?? []).map(
    ({ name, value }) => [String(name), String(value)] as const,
  );
  return { highest: Math.max(0, ...numbers), annotations: new Map(annotations) };
}

function listOf(document: unknown, name: string): Record<string, unknown>[] | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const list = (document as Record<string, unknown>)[name];
  if (!Array.isArray(list)) return undefined;
  return list.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}
