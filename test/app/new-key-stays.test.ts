import { describe, expect, it } from 'vitest';
import { rollBack } from '../../src/app/resume.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { absentOperator, confirmingOperator } from '../../src/app/stdin-operator.ts';
import { plugin as iam } from '../../src/issuers/aws-iam/index.ts';
import { holdings, obedientDialog } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import { before, go, oldKeyLives, open, world } from './support/open-world.ts';

/** An issuer described with no more than how a key is made there, and perhaps how they are listed. */
async function onlyMakes(listed: boolean, over: Pick<Runtime, 'catalog'>): Promise<Pick<Runtime, 'catalog'>> {
  const open = await iam.open();
  const opened: typeof open = async (options, ctx) => {
    const {
      deactivateKey: _off,
      activateKey: _on,
      deleteKey: _gone,
      listKeys,
      ...issuer
    } = await open(options, ctx);
    return listed && listKeys !== undefined ? { ...issuer, listKeys } : issuer;
  };
  return {
    catalog: { ...over.catalog, issuers: { 'aws-iam': async () => ({ ...iam, open: async () => opened }) } },
  };
}

const nobody = { operator: absentOperator };
const somebody = { operator: confirmingOperator };
const back = (rotationId: string, over: Partial<Runtime>) =>
  rollBack(world.runtime(over), rotationId, obedientDialog());

describe.each([true, false])('a new key that keyturn cannot delete (its issuer lists keys: %s)', (listed) => {
  it('is not called deleted: a person is told which one stays, and says when it is gone', async () => {
    await open();
    const over = await onlyMakes(listed, failChecks(world, 'check'));

    const report = await go({ ...over, ...nobody });

    expect(report).toMatchObject({ status: 'rollback-incomplete', exitCode: 5 });
    expect(report.live.newKey.state).not.toBe('deleted');
    expect(report.instructions.join('\n')).toContain(`labelled ${report.rotationId}.`);
    expect(await holdings(world)).toEqual(['old', 'old']);
    expect(await world.issuer.keys()).toHaveLength(2);

    expect(await back(report.rotationId, { ...over, ...somebody })).toMatchObject({ status: 'rolled-back' });
  });

  it('and that certainly was not made needs nobody', async () => {
    await open();
    const refuse = before(
      'create-key',
      () => void world.issuer.inject?.({ on: 'write', kind: 'status', status: 403, times: 9 }),
    );
    const report = await go({ ...(await onlyMakes(listed, world)), ...refuse, ...nobody });
    expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
    expect(await oldKeyLives()).toBe(true);
  });
});

it('a key of which nobody can tell whether it was made keeps its rotation open only until somebody has looked', async () => {
  await open();
  const over = await onlyMakes(false, world);
  const lose = before('create-key', () => void world.issuer.inject?.({ on: 'write', kind: 'lost-answer' }));
  const report = await go({ ...over, ...lose });
  expect(report).toMatchObject({ status: 'stuck', exitCode: 5 });

  const undecided = await back(report.rotationId, { ...over, ...nobody });
  expect(undecided).toMatchObject({ status: 'rollback-incomplete' });
  expect(undecided.instructions.join('\n')).toContain(report.rotationId);

  expect(await back(report.rotationId, { ...over, ...somebody })).toMatchObject({ status: 'rolled-back' });
});
