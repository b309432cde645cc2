import { RotationError } from '../../core/errors/rotation-error.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { CircleciClient } from '../../lib/circleci/circleci-client.ts';
import { projectPath } from '../../lib/circleci/project-slug.ts';
import { readList } from '../../lib/circleci/read-list.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import type { VariableFacts, VariablesApi } from './variables-api.ts';

/** Variables of a project, which come back masked: `xxxx` and the last four characters. */
export function projectVariables(client: CircleciClient, slug: string, place: string): VariablesApi {
  const path = `${projectPath(slug)}/envvar`;
  return {
    list: async (signal) => {
      const about = { subject: place, action: 'list the variables of the project' };
      const items = await unlessMissing(() => readList(client, { path }, about, signal));
      return items && new Map(items.map((item) => [String(item['name']), factsOf(item)]));
    },

    put: async (name, value, signal) => {
      const about = { subject: `${place}#${name}`, action: 'write the variable', effect: 'write' } as const;
      const body = { name, value: value.reveal() };
      const told = await client.ask({ ...about, method: 'POST', path, body }, signal);
      if (told['name'] === name && endsAsMasked(value.reveal(), told['value'])) return;
      throw new RotationError('INDETERMINATE', {
        ...about,
        reason: 'CircleCI says that it did, but shows another variable or a value with another end',
      });
    },
  };
}

/**
 * Whether the visible end of a masked value is that of ours. CircleCI documents ASCII only, and shows less of a short
 * value: where there is nothing to compare, nothing speaks against it.
 */
function endsAsMasked(value: string, mask: unknown): boolean {
  const end = /^x{4}(.+)$/.exec(typeof mask === 'string' ? mask : '')?.[1];
  return end === undefined || !/^[\x20-\x7e]*$/.test(value) || value.endsWith(end);
}

/**
 * Older CircleCI gives no time, and whether a variable that is overwritten gets a new one is not documented: the
 * fingerprint of the mask is part of the stamp, so that another end of the value shows as well.
 */
function factsOf(item: Readonly<Record<string, unknown>>): VariableFacts {
  const made = item['created-at'] ?? item['created_at'];
  const mask = item['value'];
  const end = typeof mask === 'string' && mask !== '' ? fingerprintOf(mask) : undefined;
  const stamp = [made, end].filter((part) => typeof part === 'string').join('~');
  return { stamp: stamp === '' ? undefined : stamp, updatedAt: timeIn(made) };
}

/** CircleCI's reference shows `#joda/inst 2023-04-14T21:20:14+0000`; a plain time is taken as well. */
function timeIn(told: unknown): string | undefined {
  const at = typeof told === 'string' ? Date.parse(told.replace(/^#\S+ +/, '')) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
