import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { JsonObject } from '../../core/json.ts';
import { readList } from '../../lib/github/read-list.ts';
import type { Asking } from './asking.ts';
import { type Scope, scopeOf } from './scope.ts';
import { createSecretsApi } from './secrets-api.ts';

/** Previews have an environment each; beyond this many nobody gave one a secret by hand. */
const MOST_ENVIRONMENTS = 30;

/**
 * A job reads the secret of its environment before that of the repository, and that before the organisation's. Said for
 * repositories: there both can be seen.
 */
export async function shadowFindings(
  name: string,
  scope: Scope,
  asking: Asking & { readonly subject: string },
): Promise<Finding[]> {
  if (scope.kind !== 'repository' || scope.area !== 'actions') return [];
  const { subject } = asking;
  const findings: Finding[] = [];
  const inherited = await visibleList(`${scope.path}/organization-secrets`, 'secrets', asking);
  if (inherited.some((secret) => secret['name'] === name)) {
    findings.push(
      told(subject, 'the organisation has a secret of this name too: in this repository ours wins'),
    );
  }
  for (const environment of await environmentsWith(name, scope, asking)) {
    findings.push(
      told(
        subject,
        `the environment ${environment} has a secret of this name: its jobs read that one, not this`,
      ),
    );
  }
  return findings;
}

async function environmentsWith(name: string, scope: Scope, asking: Asking): Promise<readonly string[]> {
  const environments = (await visibleList(`${scope.home}/environments`, 'environments', asking))
    .map((environment) => environment['name'])
    .filter((each) => typeof each === 'string');
  if (environments.length > MOST_ENVIRONMENTS) return [];
  const found: string[] = [];
  for (const environment of environments) {
    const place = `${asking.place}/environments/${environment}`;
    const theirs = scopeOf(`${scope.home.slice('/repos/'.length)}/environments/${environment}`, place);
    const api = createSecretsApi(asking.client, theirs, place);
    if ((await unlessRefused(api.describe(name, asking.signal))) !== undefined) found.push(environment);
  }
  return found;
}

async function visibleList(path: string, member: string, asking: Asking): Promise<readonly JsonObject[]> {
  const { client, place, signal } = asking;
  const about = { subject: place, action: 'look for secrets of the same name' };
  return (await unlessRefused(readList(client, { path, member }, about, signal))) ?? [];
}

/** A hint is not worth a permission of its own, nor the refusal of a rotation for what a kind of repository has not. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRotationError(error) && !error.retryable && error.code !== 'ABORTED') return undefined;
    throw error;
  }
}

function told(subject: string, message: string): Finding {
  return { severity: 'info', code: 'CONFLICT', subject, message };
}
