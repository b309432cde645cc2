import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRef } from '../../core/plugins/issuer.ts';
import { declaredIssuer } from '../../lib/issuer/declared-issuer.ts';
import { issuedKey } from '../../lib/issuer/key-material.ts';
import { type Ask, createAsk } from './ask-program.ts';
import type { Action, CommandOptions } from './options.ts';
import { credentialIn, principalIn, recordsIn, usageIn } from './read-answers.ts';

/** An issuer made of a program: a method is there exactly when its action is named in the config. */
export function openCommandIssuer(options: CommandOptions, ctx: OpenContext): Issuer {
  const { name } = ctx;
  const ask = createAsk(options, ctx);
  const can = (action: Action): boolean => options.actions.includes(action);
  const listKeys = async (call: CallContext) => recordsIn(await ask({ action: 'list' }, call.signal), name);
  const formats = Object.entries(options.parts).map(([part, { format }]) => [part, format] as const);

  return {
    ...declaredIssuer(name, {
      ...options,
      parts: Object.keys(options.parts),
      formats: Object.fromEntries(formats),
      listKeys: can('list') ? listKeys : undefined,
    }),
    createKey: async (label, { signal }) => {
      const answer = await ask({ action: 'create', label }, signal);
      return issuedKey(credentialIn(answer, Object.keys(options.parts), name), options.keyId);
    },
    ...(can('identify') && {
      identify: async (key: Credential, { signal }: CallContext) =>
        principalIn(await ask({ action: 'identify', parts: key }, signal), name),
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
