import type { OpenContext } from '../../core/plugins/contexts.ts';
import { jsonOf, strangeAnswer } from '../http/answer.ts';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../http/http-client.ts';
import { assertUsableTls } from '../tls-material.ts';
import { clusterAddress } from './cluster-address.ts';
import type { KubernetesConnection } from './connection-schema.ts';
import { createCredentialSource } from './credential-source.ts';
import type { Credentials } from './credentials.ts';
import { execCommand } from './exec-command.ts';
import { type ExecPlugin, execCredential } from './exec-credential.ts';
import { type About, kubernetesError } from './kubernetes-error.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import { userCredentials } from './user-credentials.ts';

/** Shown in `managedFields`, and what the API server warns and refuses by. */
const FIELD_MANAGER = 'keyturn';

export interface KubernetesRequest extends About {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The server does everything but keep it: admission, validation, permission. */
  readonly dryRun?: boolean;
}

export type KubernetesObject = Readonly<Record<string, unknown>>;

export interface KubernetesClient {
  /** Subject of errors. */
  readonly name: string;
  readonly server: string;
  readonly context: string;
  /**
   * The object that a successful answer is.
   * @throws RotationError for every other answer, and for none
   */
  ask(request: KubernetesRequest, signal: AbortSignal): Promise<KubernetesObject>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID */
export async function openKubernetes(
  options: KubernetesConnection,
  open: OpenContext,
): Promise<KubernetesClient> {
  const { name, timeoutMs, clock } = open;
  const config = await loadKubeconfig(options, open);
  const cluster = clusterAddress(config, name);
  const exec = execOf(config.getCurrentUser()?.exec, {
    kubeconfig: options.kubeconfig,
    baseDir: open.baseDir,
  });
  const source = createCredentialSource(
    (signal) =>
      exec === undefined ? userCredentials(config, clock, name) : execCredential(exec, cluster, open, signal),
    open,
  );
  /** Client certificate → its connections. Certificates of exec plug-ins are short-lived. */
  const connections = new Map<string, HttpClient>();

  const connect = ({ cert, key }: Credentials): HttpClient => {
    const known = connections.get(cert ?? '');
    if (known !== undefined) return known;
    const { server: baseUrl, ca, servername } = cluster;
    const tls = { ca, cert, key: key?.reveal() };
    assertUsableTls(tls, name);
    const defined = Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
    const http = createHttpClient({
      name,
      baseUrl,
      timeoutMs,
      ...defined,
      ...(servername === undefined ? {} : { servername }),
    });
    connections.set(cert ?? '', http);
    return http;
  };

  const send = async (request: KubernetesRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const attempt = (credentials: Credentials): Promise<HttpAnswer> =>
      connect(credentials).send({
        method: request.method,
        path: `${request.path}${queryOf(request)}`,
        headers: headersOf(request, credentials),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        effect: request.effect,
        action: request.action,
        signal,
      });
    const first = await source.get(signal);
    const answer = await attempt(first);
    if (answer.status !== 401) return answer;
    // Nothing is carried out for somebody unknown, so that asking again is safe for writes as well.
    source.discard(first);
    const fresh = await source.get(signal);
    return isTheSame(first, fresh) ? answer : attempt(fresh);
  };

  return {
    name,
    server: cluster.server,
    context: cluster.context,
    ask: async (request, signal) => {
      const answer = await send(request, signal);
      if (answer.status < 200 || answer.status > 299) throw kubernetesError(answer, request);
      const told = jsonOf(answer, request);
      if (typeof told !== 'object' || told === null || Array.isArray(told))
        throw strangeAnswer(answer, request);
      return told as KubernetesObject;
    },
    close: () => {
      source.close();
      for (const http of connections.values()) http.close();
    },
  };
}

function execOf(told: unknown, at: Parameters<typeof execCommand>[1]): ExecPlugin | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const exec = told as ExecPlugin;
  return { ...exec, command: execCommand(exec.command ?? '', at) };
}

/** What was refused once will be refused again. */
function isTheSame(left: Credentials, right: Credentials): boolean {
  return (
    left.authorization?.reveal() === right.authorization?.reveal() &&
    left.cert === right.cert &&
    left.key?.reveal() === right.key?.reveal()
  );
}

function queryOf({ query, method, dryRun }: KubernetesRequest): string {
  const parameters = new URLSearchParams(query);
  if (method === 'POST' || method === 'PATCH') parameters.set('fieldManager', FIELD_MANAGER);
  if (dryRun === true) parameters.set('dryRun', 'All');
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function headersOf(
  { body, patch }: KubernetesRequest,
  { authorization, impersonate }: Credentials,
): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'keyturn',
    ...(body === undefined
      ? {}
      : { 'content-type': patch === undefined ? 'application/json' : `application/${patch}-patch+json` }),
    ...(authorization === undefined ? {} : { authorization: authorization.reveal() }),
    ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
  };
}
