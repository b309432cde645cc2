import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { Secret } from '../../core/secret.ts';
import { lastLine } from '../process/last-line.ts';
import { type CommandOutcome, runCommand } from '../process/run-command.ts';
import { authorizationSecret } from './authorization-secret.ts';
import type { ClusterAddress } from './cluster-address.ts';
import type { Credentials } from './credentials.ts';

/** The `exec` of a user in a kubeconfig. */
export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
}

/** Before a credential runs out it is no use to begin a request with it. */
const SPARE_MS = 30_000;

/**
 * Runs the credential plug-in of a kubeconfig (`aws eks get-token`, `gke-gcloud-auth-plugin`, `kubelogin`). Ours and
 * not the library's, which knows no time limit, cannot be stopped, and puts what the program says into its error.
 * @throws RotationError CONFIG_INVALID, UNAUTHENTICATED, TIMEOUT, ABORTED
 */
export async function execCredential(
  plugin: ExecPlugin,
  cluster: ClusterAddress,
  { name, baseDir, timeoutMs }: Pick<OpenContext, 'name' | 'baseDir' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<Credentials> {
  const { command = '', args, env } = plugin;
  const outcome = await runCommand({
    command: [command, ...(args ?? [])],
    cwd: baseDir,
    env: {
      // Such programs live on what their cloud's tools find there: AWS_PROFILE, a login, a proxy.
      ...definedOnly(process.env),
      ...Object.fromEntries((env ?? []).map((each) => [each.name, each.value])),
      KUBERNETES_EXEC_INFO: execInfo(plugin, cluster),
    },
    timeoutMs,
    signal,
  });
  const about = { subject: name, action: `get a credential from ${command}` };
  if (outcome.startError !== undefined) {
    throw new RotationError('CONFIG_INVALID', {
      ...about,
      reason: outcome.startError,
      hint: (plugin.installHint ?? 'The kubeconfig names this program; install it here.').slice(0, 300),
    });
  }
  if (outcome.aborted) throw new RotationError('ABORTED', { ...about, reason: 'asked to stop' });
  if (outcome.timedOut) {
    throw new RotationError('TIMEOUT', {
      ...about,
      reason: `it did not end within ${timeoutMs} ms`,
      hint: 'Run it by hand: a plug-in that waits for a login in a browser cannot be used here.',
    });
  }
  if (outcome.exitCode !== 0) {
    // Of its standard output nothing is shown: the credential goes there.
    const said = lastLine({ ...outcome, stdout: '' }, []);
    const reason = `exit code ${outcome.exitCode ?? 'none'}${said === '' ? '' : `: ${said}`}`;
    throw new RotationError('UNAUTHENTICATED', { ...about, reason, hint: 'Run it by hand, then try again.' });
  }
  const credentials = credentialsIn(outcome);
  if (credentials !== undefined) return credentials;
  throw new RotationError('UNAUTHENTICATED', { ...about, reason: 'it gave no ExecCredential with a status' });
}

/** What client-go tells a plug-in; several of them refuse to work without it. */
function execInfo({ apiVersion, provideClusterInfo }: ExecPlugin, cluster: ClusterAddress): string {
  const { server, ca, servername } = cluster;
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: {
      interactive: false,
      ...(provideClusterInfo === true
        ? {
            cluster: {
              server,
              'tls-server-name': servername,
              'certificate-authority-data': ca === undefined ? undefined : Buffer.from(ca).toString('base64'),
            },
          }
        : {}),
    },
  });
}

/** Half a pair, and a token without a letter, are none: the request would be sent as nobody. */
function credentialsIn({ stdout }: CommandOutcome): Credentials | undefined {
  const { expirationTimestamp, ...status } = statusIn(stdout);
  const [token, cert, key] = [status['token'], status['clientCertificateData'], status['clientKeyData']].map(
    textIn,
  );
  if (token === undefined && (cert === undefined || key === undefined)) return undefined;
  const expires = typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    ...(token === undefined ? {} : { authorization: authorizationSecret(`Bearer ${token}`) }),
    ...(cert === undefined || key === undefined ? {} : { cert, key: new Secret(key) }),
    goodUntil: Number.isNaN(expires) ? undefined : expires - SPARE_MS,
  };
}

function textIn(told: unknown): string | undefined {
  return typeof told === 'string' && told !== '' ? told : undefined;
}

function statusIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) as { status?: Record<string, unknown> } | null)?.status ?? {};
  } catch {
    return {};
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
