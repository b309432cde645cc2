import { beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { CheckResult } from '../../src/core/plugins/check.ts';
import { Secret } from '../../src/core/secret.ts';
import { checkWithNewKey, type NamedCheck } from '../../src/steps/check.ts';
import { deactivateKey, deleteKey } from '../../src/steps/deactivate-key.ts';
import { guardService } from '../../src/steps/guard-service.ts';
import { failure } from '../engine/support/fake-world.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

const OLD = { value: new Secret('the old value') };
const NEW = { value: new Secret('the new value') };

let ctx: TestContext;
let log: string[];
beforeEach(async () => {
  ctx = await contextWith(OLD, NEW);
  log = [];
});

const nameOf = ({ value }: Credential): string => (value?.equals(NEW.value) === true ? 'new' : 'old');

function checkThat(verdict: CheckResult['verdict']): NamedCheck {
  return {
    service: 'shop',
    name: 'alive',
    check: {
      run: async ({ credential }) => {
        log.push(`check with the ${nameOf(credential)} key`);
        return { verdict, summary: 'it said 503', evidence: {} };
      },
    },
  };
}

describe('a check', () => {
  test('runs with the new key', async () => {
    expect(await checkWithNewKey(checkThat('pass')).run(null, ctx)).toMatchObject({ verdict: 'pass' });
    expect(log).toEqual(['check with the new key']);
  });

  test.each(['fail', 'inconclusive'] as const)('that is %s is not passed', async (verdict) => {
    await expect(checkWithNewKey(checkThat(verdict)).run(null, ctx)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('it said 503'),
    });
  });

  test('of each round of a watch is a step of its own', () => {
    const named = checkThat('pass');
    const ids = [undefined, 'watch-1', 'watch-2'].map((round) => checkWithNewKey(named, round).id);
    expect(ids).toEqual(['check:shop/alive', 'watch-1:shop/alive', 'watch-2:shop/alive']);
  });
});

describe('the guard of a service', () => {
  const reload = {
    run: async () => {
      log.push('reload');
      return {};
    },
  };

  test('does nothing on the way forward; on the way back it reloads, then proves that the old key works', async () => {
    const guard = guardService('shop', reload, [checkThat('pass')]);
    await guard.run(null, ctx);
    expect(log).toEqual([]);
    await guard.compensate?.(null, null, ctx);
    expect(log).toEqual(['reload', 'check with the old key']);
  });

  test('does not call a service restored that fails its check', async () => {
    const guard = guardService('shop', undefined, [checkThat('fail')]);
    await expect(guard.compensate?.(null, null, ctx)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });
});

describe('the old key is switched off', () => {
  const off = async ({ id }: { id: string }): Promise<void> => {
    log.push(`off ${id}`);
  };
  const on = async ({ id }: { id: string }): Promise<void> => {
    log.push(`on ${id}`);
  };

  test('only when every store is still the one it should be', async () => {
    const step = deactivateKey(off, on, () => Promise.reject(failure('REFUSED', 'account is 2, expected 1')));
    await expect(step.prepare?.(ctx)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(log).toEqual([]);
  });

  test('by the id that was captured before the first push, and on again by the same', async () => {
    const step = deactivateKey(off, on, async () => {});
    await step.run(null, ctx);
    await step.compensate?.(null, undefined, ctx);
    expect(log).toEqual(['off old-id', 'on old-id']);
  });

  test('with its material at hand, for an issuer that knows a key by nothing else', async () => {
    const values: (string | undefined)[] = [];
    const byValue: Parameters<typeof deactivateKey>[0] = async ({ material }) => {
      values.push((await material?.())?.['value']?.reveal());
    };
    await deactivateKey(byValue, undefined, async () => {}).run(null, ctx);
    expect(values).toEqual(['the old value']);
  });

  test('for good where nothing can switch it on again, and the plan says so', () => {
    const step = deactivateKey(off, undefined, async () => {});
    expect(step).toMatchObject({ effect: 'irreversible' });
    expect(step.compensate).toBeUndefined();
    expect(step.describe()).not.toHaveProperty('undo');
    expect(deactivateKey(off, on, async () => {}).effect).toBe('reversible');
  });

  test('and deleted, though somebody else was faster', async () => {
    const propagation = { confirmations: 1, intervalMs: 0, deadlineMs: 0 };
    const gone = deleteKey(() => Promise.reject(failure('NOT_FOUND')), { propagation });
    expect(await gone.run(null, ctx)).toEqual({ keyId: 'old-id' });
    const denied = deleteKey(() => Promise.reject(failure('PERMISSION_DENIED')), { propagation });
    await expect(denied.run(null, ctx)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
