import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import type { Visibility } from '../../src/stores/github-actions/secrets-api.ts';
import { freshValues, type GithubActionsRig, openGithubActionsRig } from './github-actions-rig.ts';
import { secretsOf } from './support/writes.ts';

/** A PUT of an organisation's secret also sets who may use it: what was so has to stay so. */

let rig: GithubActionsRig;
beforeEach(async () => {
  rig = await openGithubActionsRig();
});
afterEach(() => rig.close());

const seeded = async (
  slot: Slot,
  visibility: Visibility,
  selected: readonly number[] = [],
): Promise<void> => {
  await rig.emulator.seed(slot, freshValues(slot));
  for (const secret of ['/orgs/acme/actions', '/orgs/acme/dependabot', '/orgs/acme/codespaces']) {
    const place = rig.emulator.places.find(secret)?.secrets;
    const found = place?.get('API_KEY');
    if (found !== undefined) place?.set('API_KEY', { ...found, visibility, selected });
  }
};

it.each(['orgs/acme', 'dependabot:orgs/acme', 'codespaces:orgs/acme'])(
  '%s keeps its selected repositories, to the last page',
  async (ref) => {
    const slot: Slot = { ref, fields: ['API_KEY'] };
    const selected = Array.from({ length: 203 }, (_, index) => 5_000 + index);
    await seeded(slot, 'selected', selected);
    const beside = await rig.emulator.neighbours(slot);
    const values = freshValues(slot);
    await rig.store.write(slot, secretsOf(values), undefined, rig.ctx);
    expect(await rig.emulator.peek(slot)).toEqual(values);
    // GitHub refuses numbers for Dependabot (422), and texts for the others.
    const ids = ref.startsWith('dependabot:') ? selected.map(String) : selected;
    expect(rig.lastPut()).toMatchObject({ visibility: 'selected', selected_repository_ids: ids });
    expect(await rig.emulator.neighbours(slot)).toBe(beside);
  },
);

it('selected for no repository stays so', async () => {
  const slot: Slot = { ref: 'orgs/acme', fields: ['API_KEY'] };
  await seeded(slot, 'selected', []);
  await rig.store.write(slot, secretsOf(freshValues(slot)), undefined, rig.ctx);
  expect(rig.lastPut()).toMatchObject({ visibility: 'selected', selected_repository_ids: [] });
});

it.each(['all', 'private'] as const)(
  'one for %s repositories stays so, and is not asked for a list',
  async (visibility) => {
    const slot: Slot = { ref: 'orgs/acme', fields: ['API_KEY'] };
    await seeded(slot, visibility);
    await rig.store.write(slot, secretsOf(freshValues(slot)), undefined, rig.ctx);
    const { visibility: sent, selected_repository_ids: ids } = rig.lastPut();
    expect([sent, ids]).toEqual([visibility, undefined]);
    expect(rig.requests('GET /orgs/acme/actions/secrets/API_KEY/repositories')).toEqual([]);
  },
);

it('is not written when the list of its repositories cannot be relied on', async () => {
  const slot: Slot = { ref: 'orgs/acme', fields: ['API_KEY'] };
  const odd = 'forty-two' as unknown as number;
  await seeded(slot, 'selected', [1, odd]);
  const attempt = rig.store.write(slot, secretsOf(freshValues(slot)), undefined, rig.ctx);
  await expect(attempt).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(rig.requests('PUT')).toEqual([]);
});
