import type { Credential, Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
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
  const named = (key: Credential): void => {
    validate(key);
    if (keyId !== undefined && keyIdOf(key) === undefined) throw nameless(subject, keyId);
  };
  return {
    propagation: {
      confirmations: propagation.confirmations,
      intervalMs: propagation.intervalSeconds * 1000,
      deadlineMs: propagation.deadlineSeconds * 1000,
    },
    keyIdOf,
    validate: named,
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

/** Removed by another name it would live on, and be told as gone. */
function nameless(subject: string, { part }: KeyIdRule): RotationError {
  return new RotationError('REFUSED', {
    subject,
    action: 'read the key',
    reason: `its id is not in its part ${part}, so it could never be switched off`,
    hint: 'Check `keyId`. If the issuer lists no keys, look there for one that was just made, and remove it.',
  });
}
