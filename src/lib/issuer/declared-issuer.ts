import type { Credential, Fields } from '../../core/credential.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRecord } from '../../core/plugins/issuer.ts';
import { preflightFindings } from './declared-preflight.ts';
import { type KeyIdRule, keyIdIn, refuseDamaged } from './key-material.ts';

/** What the config says of the keys of an issuer that is described there, whatever it is asked through. */
export interface DeclaredKeys {
  readonly parts: readonly string[];
  /** Part → pattern for its whole value. */
  readonly formats: Fields<string | undefined>;
  readonly keyId?: KeyIdRule | undefined;
  readonly maxKeys?: number | undefined;
  readonly propagation: {
    readonly confirmations: number;
    readonly intervalSeconds: number;
    readonly deadlineSeconds: number;
  };
  readonly listKeys: ((ctx: CallContext) => Promise<readonly KeyRecord[]>) | undefined;
}

/** What such an issuer knows without asking anybody, and its preflight. */
export function declaredIssuer(
  subject: string,
  { parts, formats, keyId, maxKeys, propagation, listKeys }: DeclaredKeys,
): Pick<Issuer, 'propagation' | 'keyIdOf' | 'validate' | 'preflight'> {
  const keyIdOf = (key: Credential): string | undefined => keyIdIn(key, keyId);
  const validate = (key: Credential): void => refuseDamaged(key, parts, formats, subject);
  return {
    propagation: {
      confirmations: propagation.confirmations,
      intervalMs: propagation.intervalSeconds * 1000,
      deadlineMs: propagation.deadlineSeconds * 1000,
    },
    keyIdOf,
    validate,
    preflight: (oldKey, ctx) =>
      preflightFindings(oldKey, {
        subject,
        maxKeys,
        needsKeyId: keyId !== undefined,
        validate,
        keyIdOf,
        listKeys: listKeys && (() => listKeys(ctx)),
      }),
  };
}
