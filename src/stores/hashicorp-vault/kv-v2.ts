import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Version } from '../../core/plugins/store.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { envelopeOf, membersOf } from '../../lib/vault/envelope.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { type About, vaultError } from '../../lib/vault/vault-error.ts';
import type { KvDocument } from './kv-document.ts';
import type { KvEngine } from './kv-engine.ts';
import { joinObject, rawValueOf, splitObject } from './raw-object.ts';
import type { Location } from './secret-path.ts';
import { createWriteIndexes } from './write-indexes.ts';

type Found =
  | { readonly state: 'live'; readonly document: KvDocument }
  /** Versions that are deleted still count: the next write must name the last of them. */
  | { readonly state: 'deleted'; readonly version: Version }
  | { readonly state: 'absent' };

/** Version 2: numbered versions, check-and-set on every write. One request a read, one a write. */
export function kvVersion2(api: VaultApi): KvEngine {
  const indexes = createWriteIndexes();

  const look = async (location: Location, ctx: CallContext, version?: Version): Promise<Found> => {
    const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
    const answer = await api({
      method: 'GET',
      path: `${location.requestPath}${query}`,
      effect: 'read',
      action: READ,
      signal: ctx.signal,
      index: indexes.of(location.ref),
    });
    return foundIn(answer, location);
  };
  const live = (found: Found): KvDocument | undefined =>
    found.state === 'live' ? found.document : undefined;

  return {
    cas: true,
    read: async (location, ctx) => live(await look(location, ctx)),
    readVersion: async (location, version, ctx) =>
      isNumber(version) ? live(await look(location, ctx, version)) : undefined,
    baseOfNew: async (location, ctx) => {
      const found = await look(location, ctx);
      if (found.state === 'live') throw exists(location);
      return { version: found.state === 'deleted' ? found.version : '0', entries: new Map() };
    },
    replace: async (location, entries, base, ctx) => {
      const answer = await api({
        method: 'POST',
        path: location.requestPath,
        body: `{"data":${joinObject(entries)},"options":{"cas":${Number(base.version)}}}`,
        effect: 'write',
        action: WRITE,
        signal: ctx.signal,
      });
      const version = versionMade(answer, location, base);
      indexes.learn(location.ref, answer);
      return version;
    },
  };
}

const READ = 'read the secret';
const WRITE = 'write the secret';

function foundIn(answer: HttpAnswer, location: Location): Found {
  const about: About = {
    subject: location.subject,
    action: READ,
    effect: 'read',
    needs: `\`read\` on \`${location.policyPath}\``,
  };
  if (answer.status !== 200 && answer.status !== 404) throw vaultError(answer, about);
  const envelope = envelopeOf(answer, about);
  const { version, created_time: updatedAt } = membersOf(envelope.data?.['metadata']) ?? {};
  if (answer.status === 404) {
    if (typeof version === 'number') return { state: 'deleted', version: String(version) };
    // An empty list is Vault's way to say that the path is absent; any word means something else is.
    if (envelope.errors?.length === 0) return { state: 'absent' };
    throw vaultError(answer, about);
  }
  const data = rawValueOf(rawValueOf(answer.body, 'data') ?? '{}', 'data');
  if (typeof version !== 'number' || data === undefined || !data.startsWith('{')) throw notKv2(location);
  const document = { version: String(version), entries: splitObject(data) };
  return { state: 'live', document: typeof updatedAt === 'string' ? { ...document, updatedAt } : document };
}

/** A server that adds warnings answers 200, one that has nothing to say 204; both have written. */
function versionMade(answer: HttpAnswer, location: Location, base: KvDocument): Version {
  const about: About = {
    subject: location.subject,
    action: WRITE,
    effect: 'write',
    needs: `\`${base.version === '0' ? 'create' : 'update'}\` on \`${location.policyPath}\``,
  };
  // The server has checked that `base` was current, so the next version is known even when it is not told.
  const next = String(Number(base.version) + 1);
  if (answer.status === 204) return next;
  if (answer.status !== 200) throw vaultError(answer, about);
  const version = envelopeOf(answer, about).data?.['version'];
  return typeof version === 'number' ? String(version) : next;
}

function isNumber(version: Version): boolean {
  return /^\d+$/.test(version);
}

function exists(location: Location): RotationError {
  return new RotationError('CONFLICT', {
    subject: location.subject,
    action: WRITE,
    reason: 'it did not exist when we looked, and does now',
  });
}

function notKv2(location: Location): RotationError {
  return new RotationError('UNAVAILABLE', {
    subject: location.subject,
    action: READ,
    reason: `the answer is not one of a version 2 key-value engine`,
    hint: `Set \`mounts\` to the version that ${location.mount}/ really has.`,
  });
}
