import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import {
  bodyOf,
  errorBody,
  json,
  pageOf,
  problem,
  segmentsOf,
  tokenOf,
} from '../../lib/gitlab/emulator/answers.ts';
import type { Collection, EmulatedVariable, EmulatedVariables } from './emulated-variables.ts';

export interface EmulatedGitlab {
  readonly variables: EmulatedVariables;
  readonly token: string;
  /** Scopes of the one token. */
  scopes(): readonly string[];
  written(): void;
}

const MASKABLE = /^[A-Za-z0-9_+=/@:.~-]{8,}$/;
const MASKABLE_RAW = /^\S{8,}$/;
const LONGEST_OF_INSTANCE = 10_000;

export function gitlabService(gitlab: EmulatedGitlab): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(gitlab, request),
    errorBody,
  };
}

function route(gitlab: EmulatedGitlab, request: EmulatedRequest): EmulatedAnswer {
  if (tokenOf(request) !== gitlab.token) return problem(401);
  if (request.method !== 'GET' && !gitlab.scopes().includes('api')) return insufficientScope();
  const segments = segmentsOf(request);
  switch (segments.join('/')) {
    case 'user':
      return json(200, { id: 42, username: 'rotation-robot', state: 'active' });
    case 'personal_access_tokens/self':
      return json(200, { id: 7, name: 'keyturn', user_id: 42, scopes: gitlab.scopes(), active: true });
  }
  const [area, second = '', third, ...rest] = segments;
  if (area === 'admin' && second === 'ci' && third === 'variables')
    return variablesOf(gitlab, request, 'instance', rest[0]);
  if ((area !== 'projects' && area !== 'groups') || third !== 'variables') return problem(404);
  return variablesOf(gitlab, request, `${area}/${second}`, rest[0]);
}

function variablesOf(
  gitlab: EmulatedGitlab,
  request: EmulatedRequest,
  place: string,
  key: string | undefined,
): EmulatedAnswer {
  const variables = gitlab.variables.find(place);
  if (variables === undefined)
    return problem(404, `404 ${place.startsWith('groups') ? 'Group' : 'Project'} Not Found`);
  if (key === undefined) return pageOf(variables.map(rendered), request);
  const found = chosen(variables, key, request.query.get('filter[environment_scope]'));
  if (found === undefined) return problem(404, '404 Variable Not Found');
  if (found === 'several') {
    const words =
      "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'";
    return problem(409, words);
  }
  if (request.method === 'GET') return json(200, rendered(found));
  if (request.method !== 'PUT') return problem(404);
  return update(gitlab, request, place, found);
}

function chosen(
  variables: Collection,
  key: string,
  scope: string | null,
): EmulatedVariable | 'several' | undefined {
  const named = variables.filter(
    (each) => each.key === key && (scope === null || each.environment_scope === scope),
  );
  return named.length > 1 ? 'several' : named[0];
}

function update(
  { variables, written }: EmulatedGitlab,
  request: EmulatedRequest,
  place: string,
  found: EmulatedVariable,
): EmulatedAnswer {
  const told = bodyOf(request);
  const changed = { ...found, ...told } as EmulatedVariable;
  if (changed.hidden !== found.hidden)
    return problem(400, { base: ['Only new variables can be set as masked and hidden.'] });
  if (found.hidden && !changed.masked) {
    const words = 'The visibility setting cannot be changed for masked and hidden variables.';
    return problem(400, { base: [words] });
  }
  const maskable = (changed.raw ? MASKABLE_RAW : MASKABLE).test(changed.value);
  if (changed.masked && !maskable) return problem(400, { value: ['is invalid'] });
  if (place === 'instance' && changed.value.length > LONGEST_OF_INSTANCE) {
    const words = `The value of the provided variable exceeds the ${LONGEST_OF_INSTANCE} character limit`;
    return problem(400, { value: [words] });
  }
  variables.set(place, changed);
  written();
  return json(200, rendered(changed));
}

/** Of a hidden variable no value is given. */
function rendered(variable: EmulatedVariable): object {
  return variable.hidden ? { ...variable, value: null } : variable;
}

function insufficientScope(): EmulatedAnswer {
  const error_description = 'The request requires higher privileges than provided by the access token.';
  return json(403, { error: 'insufficient_scope', error_description, scope: 'api' });
}
