import type { CallContext } from '../../core/plugins/contexts.ts';
import { envelopeOf } from './envelope.ts';
import type { VaultApi } from './vault-api.ts';
import { type About, vaultError } from './vault-error.ts';

/** Whether the token may do something to a path; undefined when Vault would not say. */
export type MayDo = (capability: 'read' | 'create' | 'update' | 'list', path: string) => boolean | undefined;

const ACTION = 'ask what it may do';

/** `paths` as policies name them. Every token with the `default` policy may ask. */
export async function askAccess(
  api: VaultApi,
  subject: string,
  paths: readonly string[],
  { signal }: CallContext,
): Promise<MayDo> {
  const about: About = { subject, action: ACTION, effect: 'read' };
  const answer = await api({
    method: 'POST',
    path: '/sys/capabilities-self',
    body: JSON.stringify({ paths }),
    effect: 'read',
    action: ACTION,
    signal,
  });
  if (answer.status === 403) return () => undefined;
  if (answer.status !== 200) throw vaultError(answer, about);
  const { data } = envelopeOf(answer, about);
  return (capability, path) => {
    const granted = data?.[path];
    if (!Array.isArray(granted)) return undefined;
    return granted.includes('root') || granted.includes(capability);
  };
}
