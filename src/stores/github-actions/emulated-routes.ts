import type { JsonObject } from '../../core/json.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { apiAnswer, pageOf, refusal } from '../../lib/github/emulator/emulated-answers.ts';
import type { EmulatedCall } from '../../lib/github/emulator/emulated-call.ts';
import type { createEmulatedClock } from '../../lib/github/emulator/emulated-clock.ts';
import type { EmulatedBoxes } from './emulated-boxes.ts';
import type { createEmulatedPlaces, EmulatedPlace, EmulatedSecret } from './emulated-secrets.ts';
import { nameProblem } from './secret-name.ts';
import { MAX_BYTES } from './write-secrets.ts';

export interface EmulatedSecretsService {
  readonly places: ReturnType<typeof createEmulatedPlaces>;
  readonly boxes: EmulatedBoxes;
  readonly clock: ReturnType<typeof createEmulatedClock>;
  /** API paths of archived repositories. */
  readonly archived: ReadonlySet<string>;
  /** API paths that the token's permissions do not cover. */
  readonly forbidden: ReadonlySet<string>;
  written(): void;
}

export function route(
  service: EmulatedSecretsService,
  call: EmulatedCall,
): EmulatedAnswer | undefined | Promise<EmulatedAnswer | undefined> {
  const { segments } = call;
  if (service.forbidden.has(`/${segments.join('/')}`)) {
    return refusal(403, 'Resource not accessible by personal access token');
  }
  const at = segments.findIndex((segment) => segment === 'secrets' || segment === 'variables');
  if (at === -1) return home(service, call);
  const path = `/${segments.slice(0, at).map(encodeURIComponent).join('/')}`;
  const place = service.places.find(path);
  if (place === undefined) return undefined;
  const [, name = '', member] = segments.slice(at);
  if (segments[at] === 'variables') return variable(place, name);
  if (name === 'public-key') return apiAnswer(200, { ...service.boxes.publicKey(path) });
  if (member === 'repositories') return repositories(place, name, call);
  return call.method === 'PUT'
    ? put(service, path, place, name, call.body)
    : described(name, place.secrets.get(name), path);
}

/** The repository or organisation itself, and the lists below it. */
function home({ places, archived }: EmulatedSecretsService, call: EmulatedCall): EmulatedAnswer | undefined {
  const [kind, owner, name, ...rest] = call.segments;
  if (kind === 'orgs' && owner !== undefined && name === undefined) {
    const isThere = places.paths().some((path) => path.startsWith(`/orgs/${owner}/`));
    return isThere ? apiAnswer(200, { login: owner }) : undefined;
  }
  if (kind !== 'repos' || owner === undefined || name === undefined) return undefined;
  const path = `/repos/${owner}/${name}`;
  const own = places.paths().filter((each) => each.startsWith(`${path}/`));
  if (own.length === 0) return undefined;
  const [what, which] = rest;
  if (what === undefined) {
    const permissions = { admin: true, push: true, pull: true };
    return apiAnswer(200, { full_name: `${owner}/${name}`, archived: archived.has(path), permissions });
  }
  if (what === 'environments') {
    const names = own.flatMap((each) => /\/environments\/(.+)$/.exec(each)?.[1] ?? []);
    const list = names.map((each) => ({ name: decodeURIComponent(each) }));
    return pageOf(list, 'environments', call.query);
  }
  if (which !== 'organization-secrets') return undefined;
  const inherited = [...(places.find(`/orgs/${owner}/actions`)?.secrets ?? [])];
  return pageOf(
    inherited.map(([each]) => ({ name: each })),
    'secrets',
    call.query,
  );
}

function variable(place: EmulatedPlace, name: string): EmulatedAnswer | undefined {
  const value = place.variables.get(name.toUpperCase());
  return value === undefined ? undefined : apiAnswer(200, { name: name.toUpperCase(), value });
}

function described(
  name: string,
  secret: EmulatedSecret | undefined,
  path: string,
): EmulatedAnswer | undefined {
  if (secret === undefined) return undefined;
  const { createdAt: created_at, updatedAt: updated_at, visibility } = secret;
  const whose = visibility === undefined ? {} : { visibility, selected_repositories_url: `${path}/x` };
  return apiAnswer(200, { name, created_at, updated_at, ...whose });
}

function repositories(
  place: EmulatedPlace,
  name: string,
  { query }: EmulatedCall,
): EmulatedAnswer | undefined {
  const secret = place.secrets.get(name);
  if (secret === undefined) return undefined;
  if (secret.visibility !== 'selected') return refusal(409, 'Visibility of the secret is not selected');
  return pageOf(
    (secret.selected ?? []).map((id) => ({ id })),
    'repositories',
    query,
  );
}

async function put(
  { boxes, clock, written }: EmulatedSecretsService,
  path: string,
  place: EmulatedPlace,
  name: string,
  body: JsonObject,
): Promise<EmulatedAnswer> {
  if (nameProblem(name, [name]) !== undefined) return refusal(422, 'Secret names can only contain…');
  const isOrganization = path.startsWith('/orgs/');
  if (isOrganization && typeof body['visibility'] !== 'string') {
    return refusal(422, 'Invalid request.\n\n"visibility" wasn\'t supplied.');
  }
  const odd = oddId(body, path.endsWith('/dependabot') ? 'string' : 'number');
  if (odd !== undefined) return refusal(422, `Invalid request.\n\nInvalid property ${odd}.`);
  const value = await boxes.open(path, String(body['encrypted_value']), String(body['key_id']));
  if (value === undefined) return refusal(422, 'Bad request: could not decrypt the secret');
  if (Buffer.byteLength(value) > MAX_BYTES) return refusal(422, 'Secret value is too large');
  const before = place.secrets.get(name);
  place.secrets.set(name, {
    value,
    createdAt: before?.createdAt ?? clock.stamp(),
    updatedAt: clock.stamp(),
    // An organisation's PUT sets access anew; ids that are not sent are not selected.
    ...(isOrganization ? accessIn(body) : {}),
  });
  written();
  return before === undefined ? apiAnswer(201, {}) : { status: 204 };
}

/** Dependabot takes the ids of repositories as texts, the others as numbers. */
function oddId({ selected_repository_ids: ids }: JsonObject, type: 'string' | 'number'): string | undefined {
  const at = Array.isArray(ids) ? ids.findIndex((id) => typeof id !== type) : -1;
  return at === -1 ? undefined : `/selected_repository_ids/${at}: it is not of type \`${type}\``;
}

function accessIn(body: JsonObject): Pick<EmulatedSecret, 'visibility' | 'selected'> {
  const visibility = body['visibility'] as NonNullable<EmulatedSecret['visibility']>;
  if (visibility !== 'selected') return { visibility };
  const ids = (body['selected_repository_ids'] ?? []) as readonly (number | string)[];
  return { visibility, selected: ids.map(Number) };
}
