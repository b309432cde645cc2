import type { OpenContext } from '../../core/plugins/contexts.ts';

export type AwsService = 'secretsmanager' | 'ssm' | 'ecs' | 'iam' | 'sts';

/** The parsed form of `awsConnectionShape`, with the region beside it. */
export interface AwsConnection {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly endpoints?: { readonly [service in AwsService]?: string | undefined } | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the constructor of any SDK client takes. */
export interface AwsClientConfig {
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: () => Promise<AwsCredentials>;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly requestTimeout: number;
    readonly connectionTimeout: number;
    readonly socketTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly httpsAgent: { readonly rejectUnauthorized: true };
    readonly logger: typeof SILENT;
  };
}

type Context = Pick<OpenContext, 'resolve' | 'timeoutMs'>;

/** The SDK's transport complains on the console when it is busy; output is ours to write. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}

/**
 * The settings of one client. The SDK's own retries are off: it cannot know which lost answers may be asked for
 * again, and the retry decorator around the plug-in does.
 */
export function awsClientConfig(
  connection: AwsConnection,
  service: AwsService,
  ctx: Context,
): AwsClientConfig {
  const endpoint = connection.endpoints?.[service] ?? connection.endpoint;
  return {
    ...(connection.region === undefined ? {} : { region: connection.region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...credentialSource(connection, ctx),
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: {
      requestTimeout: ctx.timeoutMs,
      connectionTimeout: ctx.timeoutMs,
      // `requestTimeout` ends with the headers of the answer; this one guards its body.
      socketTimeout: ctx.timeoutMs,
      throwOnRequestTimeout: true,
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED in somebody's environment does not switch it off.
      httpsAgent: { rejectUnauthorized: true },
      logger: SILENT,
    },
  };
}

function credentialSource(
  connection: AwsConnection,
  { resolve }: Context,
): Pick<AwsClientConfig, 'profile' | 'credentials'> {
  const { profile, accessKeyId, secretAccessKey, sessionToken } = connection;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    return profile === undefined ? {} : { profile };
  return {
    credentials: async () => ({
      accessKeyId: (await resolve(accessKeyId)).reveal(),
      secretAccessKey: (await resolve(secretAccessKey)).reveal(),
      ...(sessionToken === undefined ? {} : { sessionToken: (await resolve(sessionToken)).reveal() }),
    }),
  };
}
