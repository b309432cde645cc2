import type { Credential } from '../../core/credential.ts';
import { Secret } from '../../core/secret.ts';
import { atPath } from '../../lib/json-path.ts';
import type { HttpOptions } from './options.ts';

/** The parts an answer holds; undefined with the first path at which there is none. */
export function partsFrom(
  document: unknown,
  paths: HttpOptions['create']['parts'],
): { readonly credential: Credential } | { readonly missing: string } {
  const credential: Record<string, Secret> = {};
  for (const [part, path] of Object.entries(paths)) {
    const value = atPath(document, path);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text === '') return { missing: path };
    credential[part] = new Secret(text);
  }
  return { credential };
}
