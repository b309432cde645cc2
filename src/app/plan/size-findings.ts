import type { Credential } from '../../core/credential.ts';
import type { Finding } from '../../core/finding.ts';
import type { BoundTarget } from './bound-plan.ts';

/**
 * A new key is as long as the one it replaces: where that one is more than a store takes, so is the new one, and the push
 * would be refused after other places were written to. Where a slot is a part of a document, this much never fits.
 */
export function sizeFindings(targets: readonly BoundTarget[], key: Credential): Finding[] {
  return targets.flatMap(({ id, parts, opened }) => {
    const { maxBytes } = opened.capabilities;
    if (maxBytes === undefined) return [];
    return Object.values(parts).flatMap((part): Finding[] => {
      const bytes = key[part]?.byteLength() ?? 0;
      if (bytes <= maxBytes) return [];
      const message = `the \`${part}\` of the key has ${bytes} bytes, and this store takes ${maxBytes} in one value`;
      const hint = 'Keep it in another store, and only the key to that here.';
      return [{ severity: 'error', code: 'LIMIT_REACHED', subject: id, message, hint }];
    });
  });
}
