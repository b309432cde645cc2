import type { Fields } from '../../core/credential.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import type { Secret } from '../../core/secret.ts';

/** Stands in for what a config gives as `current`: a reference for each part of the key that is everywhere. */
export function createOldKeyReferences({ credential }: IssuedKey): {
  readonly current: Fields<string>;
  resolve(reference: string): Secret | undefined;
} {
  const named = Object.entries(credential).map(
    ([part, secret], index) => [part, `env:REHEARSED_OLD_KEY_${index + 1}`, secret] as const,
  );
  return {
    current: Object.fromEntries(named.map(([part, reference]) => [part, reference])),
    resolve: (reference) => named.find(([, name]) => name === reference)?.[2],
  };
}
