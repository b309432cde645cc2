import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import type { Call } from './call.ts';
import { crc32c } from './crc32c.ts';
import { openLogin } from './login.ts';
import type { GoogleSecretOptions } from './options.ts';
import { openSdk } from './sdk.ts';
import { createSdkWire } from './sdk-wire.ts';

/** A secret without its versions. */
export interface SecretFacts {
  readonly etag: string;
  /** Alias → number of a version. */
  readonly aliases: Readonly<Record<string, number>>;
  /** ISO 8601: when Google deletes it. */
  readonly expiresAt: string | undefined;
  /** Whether a schedule calls for rotations. */
  readonly scheduled: boolean;
  /** Whether Google rotates it itself. */
  readonly managed: boolean;
}

export interface SecretText {
  readonly version: number;
  readonly text: string;
}

/** One attempt each. Names as Google has them: `projects/P/secrets/S`. */
export interface SecretApi {
  readonly address: string;
  whoami(signal: AbortSignal): Promise<{ readonly principal: string | undefined }>;
  facts(secret: string, signal: AbortSignal): Promise<SecretFacts | undefined>;
  /** `latest`, an alias or a number; undefined when there is none. @throws RotationError REFUSED when it is disabled */
  access(secret: string, version: string, signal: AbortSignal): Promise<SecretText | undefined>;
  /** The number of the new version. @throws RotationError INDETERMINATE when the answer was lost */
  add(secret: string, text: string, signal: AbortSignal): Promise<number>;
  /** @throws RotationError CONFLICT when the secret is not as `facts` said; INDETERMINATE */
  moveAlias(
    secret: string,
    facts: SecretFacts,
    move: { alias: string; to: number },
    signal: AbortSignal,
  ): Promise<void>;
  /** What is disabled or destroyed already is left. @throws RotationError CONFLICT */
  disable(secret: string, version: string, signal: AbortSignal): Promise<void>;
  /** Those of the permissions that we have. */
  granted(secret: string, permissions: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  close(): void;
}

export async function openSecretApi(options: GoogleSecretOptions, ctx: OpenContext): Promise<SecretApi> {
  const address = options.address ?? addressOf(options.location);
  const http = createHttpClient({ name: ctx.name, baseUrl: address, timeoutMs: ctx.timeoutMs });
  const sdk = await openSdk(address);
  const login = openLogin(options, ctx, sdk.makeAuth);
  const wire = createSdkWire(http, login);
  const client = sdk.makeClient(wire.client);

  const about = (
    name: string,
    action: string,
    signal: AbortSignal,
    more: Partial<Pick<Call, 'effect' | 'etag'>> = {},
  ): Call => ({
    subject: name === '' ? ctx.name : `${ctx.name}/${idOf(name)}`,
    action,
    effect: 'read',
    signal,
    ...more,
  });

  return {
    address,
    whoami: async (signal) => {
      const call = about('', `see whether the credentials are accepted`, signal);
      const parent = parentOf(options);
      try {
        await wire.call(call, () => client.listSecrets({ parent, pageSize: 1 }, { autoPaginate: false }));
      } catch (error) {
        // Who is told apart from others is known.
        if (!isRotationError(error, 'PERMISSION_DENIED')) throw error;
      }
      return { principal: await login.principal(call) };
    },
    facts: (secret, signal) =>
      unlessMissing(async () => {
        const call = about(secret, 'look at the secret (secretmanager.secrets.get)', signal);
        const [found] = await wire.call(call, () => client.getSecret({ name: secret }));
        return {
          etag: found.etag ?? '',
          aliases: Object.fromEntries(
            Object.entries(found.versionAliases ?? {}).map(([alias, version]) => [alias, Number(version)]),
          ),
          expiresAt: timeOf(found.expireTime),
          scheduled:
            found.rotation?.nextRotationTime !== undefined && found.rotation.nextRotationTime !== null,
          managed: (found.rotation?.managedRotationStatus ?? null) !== null,
        };
      }),
    access: (secret, version, signal) =>
      unlessMissing(async () => {
        const call = about(secret, 'read the secret (secretmanager.versions.access)', signal);
        const name = `${secret}/versions/${version}`;
        const [found] = await wire.call(call, () => client.accessSecretVersion({ name }));
        return { version: numberOf(found.name, call), text: textOf(found.payload, call) };
      }),
    add: async (secret, text, signal) => {
      const call = about(secret, 'add a version (secretmanager.versions.add)', signal, { effect: 'write' });
      const data = Buffer.from(text, 'utf8');
      const payload = { data, dataCrc32c: String(crc32c(data)) };
      const [added] = await wire.call(call, () => client.addSecretVersion({ parent: secret, payload }));
      return numberOf(added.name, call);
    },
    moveAlias: async (secret, { etag, aliases }, { alias, to }, signal) => {
      const more = { effect: 'write', etag } as const;
      const call = about(secret, 'move the alias (secretmanager.secrets.update)', signal, more);
      const change = { name: secret, etag, versionAliases: { ...aliases, [alias]: to } };
      const updateMask = { paths: ['version_aliases'] };
      await wire.call(call, () => client.updateSecret({ secret: change, updateMask }));
    },
    disable: async (secret, version, signal) => {
      const name = `${secret}/versions/${version}`;
      const look = about(secret, 'look at the version (secretmanager.versions.get)', signal);
      const found = await unlessMissing(() => wire.call(look, () => client.getSecretVersion({ name })));
      const [{ state = undefined, etag = undefined } = {}] = found ?? [];
      if (state !== 'ENABLED') return;
      const more = { effect: 'write', etag: etag ?? '' } as const;
      const call = about(secret, 'disable the version (secretmanager.versions.disable)', signal, more);
      await wire.call(call, () => client.disableSecretVersion({ name, etag: etag ?? '' }));
    },
    granted: async (secret, permissions, signal) => {
      const call = about(secret, 'ask for our permissions', signal);
      const request = { resource: secret, permissions: [...permissions] };
      const [answer] = await wire.call(call, () => client.testIamPermissions(request));
      return answer.permissions ?? [];
    },
    close: () => http.close(),
  };
}

function addressOf(location: string | undefined): string {
  return location === undefined
    ? 'https://secretmanager.googleapis.com'
    : `https://secretmanager.${location}.rep.googleapis.com`;
}

function parentOf({ project, location }: GoogleSecretOptions): string {
  return location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
}

function idOf(secret: string): string {
  return secret.slice(secret.lastIndexOf('/') + 1);
}

function timeOf(time: { seconds?: unknown } | null | undefined): string | undefined {
  if (time === null || time === undefined) return undefined;
  return new Date(Number(time.seconds ?? 0) * 1000).toISOString();
}

/** The number at the end of the name of a version. */
function numberOf(name: string | null | undefined, call: Call): number {
  const number = Number(/\/versions\/(\d+)$/.exec(name ?? '')?.[1]);
  if (Number.isSafeInteger(number)) return number;
  const code = call.effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE';
  throw new RotationError(code, { ...call, reason: 'the answer does not name a version' });
}

interface Payload {
  readonly data?: Uint8Array | string | null;
  readonly dataCrc32c?: unknown;
}

/** @throws RotationError UNAVAILABLE when it was damaged on the way, REFUSED when it is no text */
function textOf(payload: Payload | null | undefined, { subject, action }: Call): string {
  const { data, dataCrc32c } = payload ?? {};
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data ?? []);
  if (dataCrc32c !== undefined && dataCrc32c !== null && Number(dataCrc32c) !== crc32c(bytes)) {
    const reason = 'its checksum (CRC32C) does not fit: it was damaged on the way';
    throw new RotationError('UNAVAILABLE', { subject, action, reason });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const hint = 'keyturn writes text only: store the key as a string.';
    throw new RotationError('REFUSED', { subject, action, reason: 'it is a binary secret', hint });
  }
}
