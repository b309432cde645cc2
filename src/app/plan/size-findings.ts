import type { Credential } from '../../core/credential.ts';
import type { Finding } from '../../core/finding.ts';
import type { BoundTarget } from './bound-plan.ts';

/**
 * A part that is more than a store takes: the push would be refused after other places were written to. Where a slot is a
 * part of a document, this much never fits.
 * @param keys the one that is replaced, since a new one is as long; and one as keyturn will make it, where it does
 */
export function sizeFindings(targets: readonly BoundTarget[], keys: readonly Credential[]): Finding[] {
  return targets.flatMap(({ id, parts, opened }) => {
    const { maxBytes } = opened.capabilities;
    if (maxBytes === undefined) return [];
    return Object.values(parts).flatMap((part): Finding[] => {
      const bytes = Math.max(...keys.map((key) => key[part]?.byteLength() ?? 0));
      if (bytes <= maxBytes) return [];
      const message = `the \`${part}\` of the key has ${bytes} bytes, and this store takes ${maxBytes} in one value`;
      const hint = 'Keep it in another store, and only the key to that here.';
      return [{ severity: 'error', code: 'LIMIT_REACHED', subject: id, message, hint }];
    });
  });
}
