import { RotationError } from '../../core/errors/rotation-error.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Version } from '../../core/plugins/store.ts';
import { envelopeOf } from '../../lib/vault/envelope.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { type About, vaultError } from '../../lib/vault/vault-error.ts';
import type { KvDocument } from './kv-document.ts';
import type { KvEngine } from './kv-engine.ts';
import { joinObject, type RawObject, rawValueOf, splitObject } from './raw-object.ts';
import type { Location } from './secret-path.ts';

/**
 * Version 1: one map a path, replaced as a whole, no versions and no check-and-set. The version is a fingerprint of
 * the content, and the caller re-reads right before it writes: that narrows the gap, but does not close it.
 */
export function kvVersion1(api: VaultApi): KvEngine {
  const read = async (location: Location, { signal }: CallContext): Promise<KvDocument | undefined> => {
    const about: About = {
      subject: location.subject,
      action: READ,
      effect: 'read',
      needs: `\`read\` on \`${location.policyPath}\``,
    };
    const answer = await api({
      method: 'GET',
      path: location.requestPath,
      effect: 'read',
      action: READ,
      signal,
    });
    if (answer.status !== 200 && answer.status !== 404) throw vaultError(answer, about);
    const { errors } = envelopeOf(answer, about);
    if (answer.status === 404) {
      if (errors?.length === 0) return undefined;
      throw vaultError(answer, about);
    }
    const data = rawValueOf(answer.body, 'data');
    const entries = data?.startsWith('{') === true ? splitObject(data) : new Map<string, string>();
    return { version: contentVersion(entries), entries };
  };

  return {
    cas: false,
    read,
    readVersion: async () => undefined,
    baseOfNew: async (location, ctx) => {
      if ((await read(location, ctx)) !== undefined) throw exists(location);
      return { version: '', entries: new Map() };
    },
    replace: async (location, entries, _base, { signal }) => {
      const about: About = {
        subject: location.subject,
        action: WRITE,
        effect: 'write',
        needs: `\`create\` and \`update\` on \`${location.policyPath}\``,
      };
      const answer = await api({
        method: 'POST',
        path: location.requestPath,
        body: joinObject(entries),
        effect: 'write',
        action: WRITE,
        signal,
      });
      if (answer.status !== 200 && answer.status !== 204) throw vaultError(answer, about);
      // 200 is Vault with warnings, or something that is not Vault at all.
      if (answer.status === 200) envelopeOf(answer, about);
      return contentVersion(entries);
    },
  };
}

const READ = 'read the secret';
const WRITE = 'write the secret';

/** Keyed, as every fingerprint: it may stand in a journal. Order and escapes do not count. */
function contentVersion(entries: RawObject): Version {
  const parts = [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, raw]) => [key, raw.startsWith('"') ? JSON.parse(raw) : { raw }]);
  return `content-${fingerprintOf(JSON.stringify(parts))}`;
}

function exists(location: Location): RotationError {
  return new RotationError('CONFLICT', {
    subject: location.subject,
    action: WRITE,
    reason: 'it did not exist when we looked, and does now',
  });
}
