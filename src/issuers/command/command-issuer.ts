import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRef } from '../../core/plugins/issuer.ts';
import { preflightFindings } from '../../lib/issuer/declared-preflight.ts';
import { keyIdIn, refuseDamaged } from '../../lib/issuer/key-material.ts';
import { type Ask, createAsk } from './ask-program.ts';
import type { Action, CommandOptions } from './options.ts';
import { credentialIn, principalIn, recordsIn, usageIn } from './read-answers.ts';

/** An issuer made of a program: a method is there exactly when its action is named in the config. */
export function openCommandIssuer(options: CommandOptions, ctx: OpenContext): Issuer {
  const { name } = ctx;
  const ask = createAsk(options, ctx);
  const can = (action: Action): boolean => options.actions.includes(action);
  const { confirmations, intervalSeconds, deadlineSeconds } = options.propagation;
  const formats = Object.fromEntries(
    Object.entries(options.parts).map(([part, { format }]) => [part, format]),
  );
  const validate: Issuer['validate'] = (key) => refuseDamaged(key, Object.keys(options.parts), formats, name);
  const listKeys = async (call: CallContext) => recordsIn(await ask({ action: 'list' }, call.signal), name);
  const identifier: Issuer['keyIdOf'] = (key) => keyIdIn(key, options.keyId);

  return {
    propagation: { confirmations, intervalMs: intervalSeconds * 1000, deadlineMs: deadlineSeconds * 1000 },
    keyIdOf: identifier,
    validate,
    preflight: (oldKey, call) =>
      preflightFindings(oldKey, {
        subject: name,
        maxKeys: options.maxKeys,
        needsKeyId: options.keyId !== undefined,
        validate,
        keyIdOf: identifier,
        listKeys: can('list') ? () => listKeys(call) : undefined,
      }),
    createKey: async (label, { signal }) => {
      const answer = await ask({ action: 'create', label }, signal);
      const credential = credentialIn(answer, Object.keys(options.parts), name);
      const [first] = Object.values(credential);
      return { id: identifier(credential) ?? first?.fingerprint() ?? label, credential };
    },
    ...(can('identify') && {
      identify: async (key: Credential, { signal }: CallContext) =>
        principalIn(await ask({ action: 'identify', parts: revealed(key) }, signal), name),
    }),
    ...(can('list') && { listKeys }),
    ...(can('deactivate') && { deactivateKey: change(ask, 'deactivate') }),
    ...(can('activate') && { activateKey: change(ask, 'activate') }),
    ...(can('delete') && { deleteKey: absentIsSuccess(change(ask, 'delete')) }),
    ...(can('lastUsed') && {
      lastUsed: async (ref: KeyRef, { signal }: CallContext) =>
        usageIn(await ask({ action: 'lastUsed', keyId: ref.id }, signal), name),
    }),
  };
}

type Change = (ref: KeyRef, ctx: CallContext) => Promise<void>;

function change(ask: Ask, action: Action): Change {
  return async (ref, { signal }) => {
    await ask({ action, keyId: ref.id }, signal);
  };
}

function absentIsSuccess(remove: Change): Change {
  return async (ref, ctx) => {
    try {
      await remove(ref, ctx);
    } catch (error) {
      if (!isRotationError(error, 'NOT_FOUND')) throw error;
    }
  };
}

function revealed(key: Credential): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(key).map(([name, secret]) => [name, secret.reveal()]));
}
