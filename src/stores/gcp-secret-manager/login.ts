import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import { loginError } from '../../lib/http/login-error.ts';
import { raceDeadline } from '../../lib/http/race-deadline.ts';
import { refuseBlindLogin } from '../../lib/http/refuse-blind-login.ts';
import type { GoogleSecretOptions } from './options.ts';

export interface Login {
  /** What shows a request who we are. @throws RotationError UNAUTHENTICATED, UNAVAILABLE, TIMEOUT, ABORTED */
  headers(call: CallContext & { readonly subject: string }): Promise<Record<string, string>>;
  /** The e-mail address of a service account, where the credentials tell. */
  principal(call: CallContext & { readonly subject: string }): Promise<string | undefined>;
  /** After a refusal: the next request asks for a new token. */
  forget(): void;
}

/** The part of Google's GoogleAuth that is used. */
interface GoogleAuth {
  getRequestHeaders(url?: string): Promise<Headers>;
  getCredentials(): Promise<{ readonly client_email?: string | null | undefined }>;
}

export type MakeAuth = (settings: { readonly credentials?: object }) => GoogleAuth;

/**
 * Application default credentials, or those of a key file. Google's library finds them, gets tokens and renews them;
 * with the key of a service account it signs each request's token itself, and asks nobody.
 */
export function openLogin(
  { keyFile }: Pick<GoogleSecretOptions, 'keyFile'>,
  ctx: OpenContext,
  make: MakeAuth,
): Login {
  let opened: Promise<GoogleAuth> | undefined;
  const auth = (): Promise<GoogleAuth> => {
    opened ??= open();
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  const open = async (): Promise<GoogleAuth> => {
    const key = keyFile === undefined ? undefined : keyOf((await ctx.resolve(keyFile)).reveal(), ctx.name);
    if (key?.type !== 'service_account') refuseBlindLogin(ctx.name);
    return make(key === undefined ? {} : { credentials: key });
  };

  const guarded = async <T>(
    { signal, subject }: CallContext & { readonly subject: string },
    work: (found: GoogleAuth) => Promise<T>,
  ): Promise<T> => {
    const about = { subject, action: 'get an access token', signal, timeoutMs: ctx.timeoutMs };
    try {
      return await raceDeadline(about, async () => work(await auth()));
    } catch (error) {
      throw loginError(withoutQuotes(error), about, HINT);
    }
  };

  return {
    headers: (call) =>
      guarded(call, async (found) => Object.fromEntries((await found.getRequestHeaders()).entries())),
    principal: (call) =>
      guarded(call, async (found) => {
        // Of a person's own credentials it knows no name, and says so by an error.
        const credentials = await found.getCredentials().catch(() => undefined);
        return credentials?.client_email ?? undefined;
      }),
    forget: () => {
      opened = undefined;
    },
  };
}

function keyOf(text: string, subject: string): { readonly type: unknown } {
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null && 'type' in key) return key;
  } catch {
    // The parser's own words quote the key.
  }
  throw new RotationError('CONFIG_INVALID', {
    subject,
    reason: '`keyFile` does not hold the JSON of a key (an object with a `type`)',
    hint: 'Reference the file as Google gave it: `keyFile: file:rotator.json`.',
  });
}

/** A file of credentials that is no JSON: the parser's own words quote it. */
function withoutQuotes(error: unknown): unknown {
  return error instanceof SyntaxError ? new Error('the credentials that were found are not JSON') : error;
}

const HINT = 'Log in (`gcloud auth application-default login`), or name the file of a key with `keyFile`.';
