import type { OpenContext } from '../../core/plugins/contexts.ts';
import { isThisMachine } from '../../lib/address-schema.ts';
import { loginError } from '../../lib/http/login-error.ts';
import { raceDeadline } from '../../lib/http/race-deadline.ts';
import { refuseBlindLogin } from '../../lib/http/refuse-blind-login.ts';
import type { SdkCall, SdkCalls } from '../../lib/http/sdk-calls.ts';
import { type DirectoryWire, openDirectoryWire } from './directory-wire.ts';
import type { KeyVaultOptions } from './options.ts';

/** The part of a TokenCredential of the SDK that is used. */
interface Inner {
  getToken(scopes: string | string[], options?: object): Promise<Token | null>;
}

interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

export interface Login extends Inner {
  /** What the last token said of whom it is for: `tid`, `oid`, `appid`. */
  claims(): Readonly<Record<string, string>>;
  close(): void;
}

const HINT =
  'Log in (`az login`), run where a managed or workload identity is, or give `tenantId`, `clientId` and `clientSecret`.';

/**
 * A secret of an application, or whatever DefaultAzureCredential finds. Asked by the SDK when a vault has told which
 * directory it trusts.
 */
export function openLogin(
  options: KeyVaultOptions,
  ctx: OpenContext,
  calls: Pick<SdkCalls<SdkCall>, 'current'>,
): Login {
  let wire: DirectoryWire | undefined;
  let inner: Promise<Inner> | undefined;
  let claims: Readonly<Record<string, string>> = {};

  const open = async (): Promise<Inner> => {
    const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity');
    const { tenantId, clientId, clientSecret, authority } = options;
    if (tenantId === undefined || clientId === undefined || clientSecret === undefined) {
      refuseBlindLogin(ctx.name);
      return new DefaultAzureCredential({ retryOptions: { maxRetries: 0 } });
    }
    wire ??= openDirectoryWire(ctx, calls);
    return new ClientSecretCredential(tenantId, clientId, (await ctx.resolve(clientSecret)).reveal(), {
      httpClient: wire.client,
      retryOptions: { maxRetries: 0 },
      ...(authority === undefined ? {} : atAuthority(authority)),
    });
  };

  return {
    getToken: async (scopes, tokenOptions) => {
      const { signal, subject } = calls.current();
      const about = { subject, action: 'get an access token', signal, timeoutMs: ctx.timeoutMs };
      inner ??= open();
      try {
        const credential = await inner;
        const token = await raceDeadline(about, () => credential.getToken(scopes, tokenOptions));
        claims = claimsOf(token?.token ?? '');
        return token;
      } catch (error) {
        // The next one begins anew: with another answer of the reference, another login of the person.
        inner = undefined;
        throw wire?.lastFailure() ?? loginError(error, about, HINT);
      }
    },
    claims: () => claims,
    close: () => wire?.close(),
  };
}

/** The SDK refuses any address but https before it asks our wire, which knows better of this machine. */
function atAuthority(authority: string) {
  const { host } = new URL(authority);
  return { authorityHost: `https://${host}`, disableInstanceDiscovery: isThisMachine(authority) };
}

/** Our own token, for showing whose it is. One that is no JWT says nothing. */
function claimsOf(token: string): Record<string, string> {
  try {
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(claims).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
  } catch {
    return {};
  }
}
