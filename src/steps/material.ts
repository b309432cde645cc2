import type { Credential } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StepContext } from '../core/step.ts';

/** A key as the journal holds it: its public id, and its parts sealed. */
export interface SealedKey extends JsonObject {
  readonly keyId: string;
  readonly parts: Readonly<Record<string, string>>;
}

export const CAPTURE_OLD_KEY = 'capture-old-key';
export const CREATE_KEY = 'create-key';

export async function sealKey(keyId: string, key: Credential, ctx: StepContext): Promise<SealedKey> {
  const parts: Record<string, string> = {};
  for (const [name, secret] of Object.entries(key)) parts[name] = await ctx.seal(secret);
  return { keyId, parts };
}

export const oldKey = (ctx: StepContext): Promise<Credential> =>
  openKey(sealedKeyOf(CAPTURE_OLD_KEY, ctx), ctx);
export const newKey = (ctx: StepContext): Promise<Credential> => openKey(sealedKeyOf(CREATE_KEY, ctx), ctx);
export const oldKeyId = (ctx: StepContext): string => sealedKeyOf(CAPTURE_OLD_KEY, ctx).keyId;

function sealedKeyOf(stepId: string, ctx: StepContext): SealedKey {
  const output = ctx.output(stepId);
  if (output === undefined)
    throw new RotationError('INTERNAL', { subject: stepId, reason: 'it has not run yet' });
  return output as SealedKey;
}

export async function openKey(sealed: SealedKey, ctx: StepContext): Promise<Credential> {
  const names = Object.keys(sealed.parts);
  const secrets = await Promise.all(names.map((name) => ctx.unseal(sealed.parts[name] ?? '')));
  return Object.fromEntries(secrets.map((secret, index) => [names[index] ?? '', secret]));
}
