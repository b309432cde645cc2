import type { KeyVaultSecret, SetSecretOptions } from '@azure/keyvault-secrets';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { isThisMachine } from '../../lib/address-schema.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { createSdkCalls, type SdkCall } from '../../lib/http/sdk-calls.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import { openLogin } from './login.ts';
import type { KeyVaultOptions } from './options.ts';
import { type VaultCall, vaultWire } from './vault-wire.ts';

/** What a secret is beside its value. All of it is a version's own: what is left out, the next version does not have. */
export type Attributes = Pick<
  SetSecretOptions,
  'contentType' | 'tags' | 'enabled' | 'notBefore' | 'expiresOn'
>;

export interface SecretVersion {
  readonly version: string;
  readonly text: string;
  readonly updatedAt: string | undefined;
  readonly attributes: Attributes;
  /** It is the other half of a certificate, which Key Vault renews. */
  readonly managed: boolean;
}

/** One attempt each. */
export interface VaultApi {
  /** Claims of our token. */
  whoami(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** The newest version, or the one named; undefined when there is none. @throws RotationError REFUSED when disabled */
  read(name: string, version: string | undefined, signal: AbortSignal): Promise<SecretVersion | undefined>;
  /** The new version, live at once. @throws RotationError INDETERMINATE when the answer was lost */
  set(name: string, text: string, attributes: Attributes, signal: AbortSignal): Promise<string>;
  close(): void;
}

export async function openVaultApi(options: KeyVaultOptions, ctx: OpenContext): Promise<VaultApi> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  const calls = createSdkCalls<VaultCall>('Key Vault');
  const http = createHttpClient({ name: ctx.name, baseUrl: options.address, timeoutMs: ctx.timeoutMs });
  const login = openLogin(options, ctx, calls);
  const client = new SecretClient(options.address, login, {
    httpClient: vaultWire(http, calls),
    retryOptions: { maxRetries: 0 },
    // A challenge must be for the domain of the vault; this machine has none.
    disableChallengeResourceVerification: isThisMachine(options.address),
  });

  const call = (
    name: string,
    action: string,
    signal: AbortSignal,
    effect: 'read' | 'write' = 'read',
  ): SdkCall => ({ subject: name === '' ? ctx.name : `${ctx.name}/${name}`, action, effect, signal });

  return {
    whoami: async (signal) => {
      const about = call('', 'see whether the credentials are accepted', signal);
      try {
        await calls.run(about, async () =>
          client.listPropertiesOfSecrets().byPage({ maxPageSize: 1 }).next(),
        );
      } catch (error) {
        // Who may not list secrets is known all the same.
        if (!isRotationError(error, 'PERMISSION_DENIED')) throw error;
      }
      return login.claims();
    },
    read: (name, version, signal) =>
      unlessMissing(async () => {
        const about = call(name, 'read the secret (secrets/get)', signal);
        const which = version === undefined ? {} : { version };
        return versionOf(await calls.run(about, () => client.getSecret(name, which)), about);
      }),
    set: async (name, text, attributes, signal) => {
      const { notBefore, expiresOn } = attributes;
      const dates = {
        ...(notBefore === undefined ? {} : { notBefore }),
        ...(expiresOn === undefined ? {} : { expiresOn }),
      };
      const about = { ...call(name, 'write a new version (secrets/set)', signal, 'write'), dates };
      return versionOf(await calls.run(about, () => client.setSecret(name, text, attributes)), about).version;
    },
    close: () => {
      http.close();
      login.close();
    },
  };
}

function versionOf(
  { value, properties }: KeyVaultSecret,
  { subject, action, effect }: SdkCall,
): SecretVersion {
  const { version, updatedOn, contentType, tags, enabled, notBefore, expiresOn, managed } = properties;
  if (version === undefined || value === undefined) {
    const code = effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE';
    throw new RotationError(code, { subject, action, reason: 'the answer names no version' });
  }
  return {
    version,
    text: value,
    updatedAt: isDate(updatedOn) ? updatedOn.toISOString() : undefined,
    managed: managed === true,
    attributes: {
      ...(contentType === undefined ? {} : { contentType }),
      ...(tags === undefined ? {} : { tags }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(isDate(notBefore) ? { notBefore } : {}),
      ...(isDate(expiresOn) ? { expiresOn } : {}),
    },
  };
}

/** The SDK makes one of whatever it gets. */
function isDate(told: Date | null | undefined): told is Date {
  return told instanceof Date && !Number.isNaN(told.getTime());
}
