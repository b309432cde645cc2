import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import type { VariableApi } from '../../src/stores/cyberark-conjur/variable-api.ts';
import { writeTogether } from '../../src/stores/cyberark-conjur/write-together.ts';
import {
  type ConjurRig,
  failure,
  freshValues,
  openConjurRig,
  PAIR,
  revealed,
  secrets,
} from './cyberark-conjur-rig.ts';

/** Conjur cannot write two variables at once; these are the promises kept all the same. */

let rig: ConjurRig;
let old: Fields<string>;
let next: Fields<string>;
let version: string | undefined;
beforeEach(async () => {
  rig = await openConjurRig();
  old = freshValues(PAIR);
  next = freshValues(PAIR);
  await rig.emulator.seed(PAIR, old);
  version = (await rig.store.read(PAIR, rig.ctx))?.version;
});
afterEach(() => rig.close());

const push = (expected = version) => rig.store.write(PAIR, secrets(next), expected, rig.ctx);

/** Does something once, when the first of the two variables has been written. */
function onceTheFirstIsWritten(then: () => void): void {
  rig.emulator.server.onWrite((moment) => {
    if (moment !== 'after') return;
    rig.emulator.server.onWrite(undefined);
    then();
  });
}

describe('pushing a pair', () => {
  it('writes both, and names both versions whatever the order of the fields', async () => {
    expect(version).toBe('id=2&secret=2');
    expect(await push()).toEqual({ version: 'id=3&secret=3' });
    expect(await rig.emulator.peek(PAIR)).toEqual(next);
    const turned = { ...PAIR, fields: PAIR.fields.toReversed() };
    expect((await rig.store.read(turned, rig.ctx))?.version).toBe('id=3&secret=3');
  });

  it('puts the first back when the second is refused', async () => {
    rig.emulator.variables.declare(`${PAIR.ref}/secret`).privileges = new Set(['read', 'execute']);
    expect((await failure(push())).code).toBe('PERMISSION_DENIED');
    expect(await rig.emulator.peek(PAIR)).toEqual(old);
  });

  it('can be asked again after it was put back, with the version read before', async () => {
    onceTheFirstIsWritten(() =>
      rig.emulator.inject?.({ kind: 'status', status: 503, retryAfter: 1, on: 'write' }),
    );
    const error = await failure(push());
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.retryable).toBe(true);
    expect(await rig.emulator.peek(PAIR)).toEqual(old);

    expect(await push()).toEqual({ version: 'id=5&secret=3' });
    expect(await rig.emulator.peek(PAIR)).toEqual(next);
  });

  it('is INDETERMINATE when the answer for the second is lost, and nothing is undone', async () => {
    onceTheFirstIsWritten(() => rig.emulator.inject?.({ kind: 'lost-answer', on: 'write' }));
    expect((await failure(push())).code).toBe('INDETERMINATE');
    expect(await rig.emulator.peek(PAIR)).toEqual(next);
  });

  it('is INDETERMINATE when the first cannot be put back', async () => {
    onceTheFirstIsWritten(() =>
      rig.emulator.inject?.({ kind: 'status', status: 503, retryAfter: 1, on: 'write', times: 2 }),
    );
    const error = await failure(push());
    expect(error.code).toBe('INDETERMINATE');
    expect(error.message).toContain('putting the first back failed');
  });

  it('is INDETERMINATE when the first had no value to go back to', async () => {
    const slot = { ref: 'apps/new', fields: ['id', 'secret'] };
    rig.emulator.variables.declare('apps/new/id');
    rig.emulator.variables.declare('apps/new/secret').privileges = new Set(['execute']);
    const error = await failure(rig.store.write(slot, secrets(freshValues(slot)), undefined, rig.ctx));
    expect(error.code).toBe('INDETERMINATE');
    expect(error.message).toContain('Conjur cannot clear one');
  });

  it('puts the first back when it is asked to stop before the second', async () => {
    const stop = new AbortController();
    const values = new Map([
      ['first', ['old-1']],
      ['second', ['old-2']],
    ]);
    const api: VariableApi = {
      describe: async (id) => ({ highest: values.get(id)?.length ?? 0, annotations: new Map() }),
      value: async (id, version) => new Secret(values.get(id)?.[version - 1] ?? ''),
      put: async (id, value, signal) => {
        if (signal.aborted) throw new RotationError('ABORTED', { subject: id });
        values.get(id)?.push(value.reveal());
        stop.abort();
      },
      allows: async () => true,
    };
    const changes = [...values].map(([id, [old = '']]) => ({
      from: { field: id, id, number: 1, value: new Secret(old) },
      to: new Secret(`new-${id}`),
    }));
    expect((await failure(writeTogether(api, 'pair', changes, stop.signal))).code).toBe('ABORTED');
    expect([...values.values()]).toEqual([['old-1', 'new-first', 'old-1'], ['old-2']]);
  });

  it('leaves somebody else’s value alone while it takes its own back', async () => {
    const theirs = freshValues({ ...PAIR, fields: ['id'] });
    rig.emulator.variables.declare(`${PAIR.ref}/secret`).privileges = new Set(['read', 'execute']);
    onceTheFirstIsWritten(() => void rig.emulator.overwrite(PAIR, theirs));
    expect((await failure(push())).code).toBe('PERMISSION_DENIED');
    expect(await rig.emulator.peek(PAIR)).toEqual({ ...old, ...theirs });
  });

  it('writes nothing when either was changed since it was read', async () => {
    await rig.emulator.overwrite(PAIR, { secret: freshValues(PAIR)['secret'] ?? '' });
    expect((await failure(push())).code).toBe('CONFLICT');
    expect(rig.emulator.effects()).toBe(0);
  });
});

describe('restoring a pair', () => {
  const restoration = () => ({
    before: version,
    values: undefined,
    receipt: undefined,
    pushed: secrets(next),
  });

  it('puts a half-finished pair right', async () => {
    await rig.emulator.overwrite(PAIR, { id: next['id'] ?? '' });
    await rig.store.restore(PAIR, restoration(), rig.ctx);
    expect(await rig.emulator.peek(PAIR)).toEqual(old);
  });

  it('touches neither when one is somebody else’s', async () => {
    await push();
    const theirs = freshValues(PAIR)['secret'] ?? '';
    await rig.emulator.overwrite(PAIR, { secret: theirs });
    expect((await failure(rig.store.restore(PAIR, restoration(), rig.ctx))).code).toBe('DRIFT');
    expect(await rig.emulator.peek(PAIR)).toEqual({ ...next, secret: theirs });
  });

  it('keeps the pushed pair together when the second cannot be restored', async () => {
    await push();
    onceTheFirstIsWritten(() =>
      rig.emulator.inject?.({ kind: 'status', status: 503, retryAfter: 1, on: 'write' }),
    );
    expect((await failure(rig.store.restore(PAIR, restoration(), rig.ctx))).code).toBe('UNAVAILABLE');
    expect(await rig.emulator.peek(PAIR)).toEqual(next);
    await rig.store.restore(PAIR, restoration(), rig.ctx);
    expect(revealed(await rig.store.read(PAIR, rig.ctx))).toEqual(old);
  });
});
