import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../emulator/loopback-server.ts';

const TOKEN = 'env:JENKINS_EMULATOR_TOKEN';
const PASSWORD = 'env:JENKINS_EMULATOR_PASSWORD';

/** Jenkins is served below a context path, as it often is. */
export const CONTEXT_PATH = '/jenkins';

/** The front door of an emulated Jenkins: who comes in, and with which crumb. */
export interface EmulatedController {
  /** Lets a request through to `route`, which sees its path without the context path. */
  enter(request: EmulatedRequest, route: (request: EmulatedRequest) => EmulatedAnswer): EmulatedAnswer;
  options(url: string, original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
  /** Sessions end, and their crumbs with them. */
  endSessions(): void;
  /** As for a Jenkins that was configured without this protection. */
  withoutCrumbs(): void;
}

export function createEmulatedController(): EmulatedController {
  const token = `11${randomBytes(16).toString('hex')}`;
  const password = `pw-${randomBytes(12).toString('hex')}`;
  /** Session → its crumb. */
  const crumbs = new Map<string, string>();
  let user = 'keyturn';
  let protectedByCrumbs = true;

  const issueCrumb = (): EmulatedAnswer => {
    if (!protectedByCrumbs) return page(404, 'Not Found');
    const [session, crumb] = [randomBytes(12).toString('hex'), randomBytes(32).toString('hex')];
    crumbs.set(session, crumb);
    return json(
      {
        _class: 'hudson.security.csrf.DefaultCrumbIssuer',
        crumb,
        crumbRequestField: 'Jenkins-Crumb',
      },
      {
        'set-cookie': `JSESSIONID.4c0d=${session}; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT; HttpOnly`,
      },
    );
  };

  const hasCrumb = ({ headers }: EmulatedRequest): boolean => {
    const session = /JSESSIONID\.[^=]+=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    const crumb = crumbs.get(session);
    return crumb !== undefined && headers['jenkins-crumb'] === crumb;
  };

  return {
    enter: (request, route) => {
      const who = credentialOf(request);
      if (who === undefined || who.user !== user || ![token, password].includes(who.secret)) {
        return page(401, 'Unauthorized', { 'www-authenticate': 'Basic realm="Jenkins"' });
      }
      if (!request.path.startsWith(`${CONTEXT_PATH}/`)) return page(404, 'Not Found');
      const path = request.path.slice(CONTEXT_PATH.length);
      if (path === '/crumbIssuer/api/json') return issueCrumb();
      if (path === '/whoAmI/api/json') {
        return json({
          _class: 'hudson.security.WhoAmI',
          anonymous: false,
          authenticated: true,
          authorities: ['authenticated'],
          name: user,
        });
      }
      if (request.method === 'POST' && protectedByCrumbs && who.secret === password && !hasCrumb(request)) {
        return page(403, 'No valid crumb was included in the request');
      }
      return route({ ...request, path });
    },
    options: (url, original = {}) => {
      const auth = (original['auth'] ?? {}) as JsonObject;
      user = typeof auth['user'] === 'string' ? auth['user'] : 'keyturn';
      const { address: _theirs, auth: _auth, ca: _ca, allowInsecure: _insecure, ...rest } = original;
      return {
        ...rest,
        address: `${url}${CONTEXT_PATH}/`,
        auth:
          auth['method'] === 'password'
            ? { method: 'password', user, password: PASSWORD }
            : { method: 'api-token', user, token: TOKEN },
      };
    },
    resolve: (reference) => ({ [TOKEN]: token, [PASSWORD]: password })[reference],
    endSessions: () => crumbs.clear(),
    withoutCrumbs: () => {
      protectedByCrumbs = false;
    },
  };
}

function credentialOf({ headers }: EmulatedRequest): { user: string; secret: string } | undefined {
  const encoded = /^Basic (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, secret: rest.join(':') };
}

export function json(body: JsonObject, headers: Readonly<Record<string, string>> = {}): EmulatedAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json;charset=utf-8', 'x-jenkins': '2.479.3', ...headers },
    body: JSON.stringify(body),
  };
}

/** Errors are web pages. */
export function page(
  status: number,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html;charset=utf-8', 'x-jenkins': '2.479.3', ...headers },
    body: `<html><head><title>Error ${status} ${title}</title></head><body><h2>HTTP ERROR ${status} ${title}</h2></body></html>`,
  };
}
