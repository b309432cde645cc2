import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { problem } from '../../src/lib/docker/emulator/emulated-engine.ts';
import { mountsOf } from '../../src/lib/docker/service.ts';
import { openDockerStore } from '../../src/stores/docker/docker-store.ts';
import { type DockerEmulator, startDockerEmulator } from '../../src/stores/docker/emulator.ts';
import { optionsSchema } from '../../src/stores/docker/options.ts';

const SLOT: Slot = { ref: 'payments_key', fields: [''] };
const ctx: WriteContext = {
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-1',
};
const another = (): WriteContext => ({ ...ctx, idempotencyToken: randomUUID() });

let emulator: DockerEmulator;
let store: Store;
beforeEach(async () => {
  emulator = await startDockerEmulator();
  const nobody = (): Promise<never> => Promise.reject(new Error('this store asks nobody'));
  store = await openDockerStore(optionsSchema.parse(emulator.options()), {
    name: 'swarm',
    baseDir: '/nowhere',
    clock: systemClock,
    timeoutMs: 5000,
    resolve: nobody,
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
  await emulator.seed(SLOT, { '': 'old' });
});
afterEach(async () => {
  await store.close?.();
  await emulator.stop();
});

const fresh = () => ({ '': new Secret(`kt-${randomBytes(16).toString('hex')}`) });

async function refusal(attempt: Promise<unknown> | undefined): Promise<RotationError> {
  const error = await attempt?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RotationError) return error;
  throw new Error(`expected a RotationError, not ${String(error)}`);
}

const names = (): string[] => [...emulator.engine.swarm.secrets.values()].map(({ spec }) => spec.Name).sort();

/** One more service that uses the slot's secret. */
const alsoIn = (name: string) => {
  const { swarm } = emulator.engine;
  const id = swarm.secretNamed(SLOT.ref)?.id ?? '';
  return swarm.makeService(name, [
    { File: { Name: SLOT.ref, UID: '0', GID: '0', Mode: 256 }, SecretID: id, SecretName: SLOT.ref },
  ]);
};

const push = async () => {
  const before = await store.read(SLOT, ctx);
  const pushed = fresh();
  const receipt = await store.write(SLOT, pushed, before?.version, ctx);
  return {
    before,
    pushed,
    receipt,
    restoration: { before: before?.version, values: undefined, receipt, pushed },
    finished: { replaced: before?.version, receipt },
  };
};

describe('a swarm secret', () => {
  it('is replaced in every service, in the same file with the same owner and mode', async () => {
    const second = alsoIn('worker');
    const { pushed } = await push();
    expect(await emulator.peek(SLOT)).toEqual({ '': pushed[''].reveal() });
    const [mount] = mountsOf(second);
    expect(mount).toMatchObject({
      File: { Name: SLOT.ref, UID: '0', GID: '0', Mode: 256 },
      SecretName: expect.stringMatching(/^payments_key-[0-9a-f]{10}$/),
    });
  });

  it('keeps its labels, and says in labels of its own what it is, but not its value', async () => {
    const { pushed, receipt } = await push();
    const made = emulator.engine.swarm.secrets.get(receipt.version ?? '');
    expect(made?.spec.Labels).toMatchObject({
      team: 'checkout',
      'dev.keyturn.slot': SLOT.ref,
      'dev.keyturn.rotation': 'rot-1',
    });
    expect(JSON.stringify(made?.spec)).not.toContain(pushed[''].reveal());
  });

  it('is given to a service that moves on all the while', async () => {
    const { swarm } = emulator.engine;
    let tries = 0;
    emulator.engine.server.onWrite((moment) => {
      if (moment !== 'before' || tries >= 3) return;
      tries += 1;
      for (const service of swarm.services.values()) service.index += 1;
    });
    const { pushed } = await push();
    expect(tries).toBe(3);
    expect(await emulator.peek(SLOT)).toEqual({ '': pushed[''].reveal() });
  });

  it('that no service uses is replaced all the same, with a warning before', async () => {
    emulator.engine.swarm.services.clear();
    const { findings } = await store.preflight(SLOT, ctx);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    const { receipt, restoration } = await push();
    expect((await store.read(SLOT, ctx))?.version).toBe(receipt.version);
    await store.restore(SLOT, restoration, ctx);
    expect((await store.read(SLOT, ctx))?.version).toBe(restoration.before);
  });

  it.each(['payments key', 'x'.repeat(65)])('cannot be called %s', async (ref) => {
    const { findings } = await store.preflight({ ref, fields: [''] }, ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'CONFIG_INVALID' }]);
  });

  it('has no fields', async () => {
    const { findings } = await store.preflight({ ...SLOT, fields: ['KEY'] }, ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'CONFIG_INVALID' }]);
  });

  it('whose successor could not be named is refused before anything is made', async () => {
    const slot = { ref: 'x'.repeat(60), fields: [''] };
    await emulator.seed(slot, { '': 'old' });
    const { findings } = await store.preflight(slot, ctx);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'error', code: 'LIMIT_REACHED' }));
  });
});

describe('preflight', () => {
  it('makes and changes nothing', async () => {
    const before = names();
    await store.preflight(SLOT, ctx);
    expect(names()).toEqual(before);
    expect(emulator.engine.server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('refuses an engine that is no manager', async () => {
    emulator.engine.isManager = false;
    const { findings } = await store.preflight(SLOT, ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'REFUSED' }]);
    expect(await refusal(store.read(SLOT, ctx))).toMatchObject({ code: 'REFUSED' });
  });

  it.each(['ReplicatedJob', 'GlobalJob'])('warns of a job (%s), which the push runs again', async (mode) => {
    const job = alsoIn('migrate');
    job.spec = { ...job.spec, Mode: { [mode]: {} } };
    const { findings } = await store.preflight(SLOT, ctx);
    expect(findings).toMatchObject([
      { severity: 'info', message: expect.not.stringContaining('migrate') },
      { severity: 'warning', message: expect.stringMatching(/runs the job migrate again/) },
    ]);
  });

  it('warns of a stack whose file names the old secret', async () => {
    const service = alsoIn('worker');
    service.spec = { ...service.spec, Labels: { 'com.docker.stack.namespace': 'shop' } };
    const { findings } = await store.preflight(SLOT, ctx);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('stack shop') }),
    );
  });
});

describe('a switch that was cut in half', () => {
  const begin = async (times: number) => {
    alsoIn('worker');
    const before = await store.read(SLOT, ctx);
    const pushed = fresh();
    let updates = 0;
    emulator.engine.refuse = () => {
      updates += 1;
      return updates > times ? problem(400, 'rpc error: code = InvalidArgument desc = no') : undefined;
    };
    const error = await refusal(store.write(SLOT, pushed, before?.version, ctx));
    emulator.engine.refuse = () => undefined;
    return { before, pushed, error };
  };

  it('goes on to its end, with the secret it has made', async () => {
    const { before, pushed, error } = await begin(1);
    expect(error.code).toBe('INDETERMINATE');
    expect((await store.read(SLOT, ctx))?.version).toBe(before?.version);
    const receipt = await store.write(SLOT, pushed, before?.version, ctx);
    expect(await emulator.peek(SLOT)).toEqual({ '': pushed[''].reveal() });
    expect(await store.write(SLOT, pushed, before?.version, ctx)).toEqual(receipt);
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toHaveLength(1);
  });

  it('goes back too', async () => {
    const { before, pushed } = await begin(1);
    const restoration = { before: before?.version, values: undefined, receipt: undefined, pushed };
    await store.restore(SLOT, restoration, ctx);
    expect(await emulator.peek(SLOT)).toEqual({ '': 'old' });
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toEqual([]);
  });

  it('goes back although it only made the secret, and leaves none behind but those of others', async () => {
    const before = await store.read(SLOT, ctx);
    const pushed = fresh();
    emulator.inject?.({ kind: 'cut', on: 'write' });
    await refusal(store.write(SLOT, pushed, before?.version, ctx));
    const restoration = { before: before?.version, values: undefined, receipt: undefined, pushed };
    await store.restore(SLOT, restoration, { ...ctx, rotationId: 'another' });
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toHaveLength(1);
    await store.restore(SLOT, restoration, ctx);
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toEqual([]);
    expect(await emulator.peek(SLOT)).toEqual({ '': 'old' });
  });

  it('before the first service leaves nothing behind', async () => {
    const { error } = await begin(0);
    expect(error.code).toBe('REFUSED');
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toEqual([]);
  });

  it('that made the secret and nothing else is completed with it, if it has the value', async () => {
    const before = await store.read(SLOT, ctx);
    const pushed = fresh();
    emulator.inject?.({ kind: 'cut', on: 'write' });
    expect((await refusal(store.write(SLOT, pushed, before?.version, ctx))).code).toBe('INDETERMINATE');
    expect((await refusal(store.write(SLOT, fresh(), before?.version, ctx))).code).toBe('CONFLICT');
    await store.write(SLOT, pushed, before?.version, ctx);
    expect(await emulator.peek(SLOT)).toEqual({ '': pushed[''].reveal() });
    expect(names().filter((name) => name.startsWith(`${SLOT.ref}-`))).toHaveLength(1);
  });
});

describe('the way back and the end', () => {
  it('gives the services the old secret again, and removes the new one', async () => {
    const { restoration } = await push();
    await store.restore(SLOT, restoration, ctx);
    expect(await emulator.peek(SLOT)).toEqual({ '': 'old' });
    expect(names()).toEqual([SLOT.ref, `${SLOT.ref}_beside`]);
  });

  it('is no way back over the push of another rotation', async () => {
    const { receipt, restoration } = await push();
    await store.write(SLOT, fresh(), receipt.version, another());
    expect((await refusal(store.restore(SLOT, restoration, ctx))).code).toBe('DRIFT');
  });

  it('is no way back over the push of another rotation that came in the place of ours', async () => {
    const before = await store.read(SLOT, ctx);
    const theirs = fresh();
    await store.write(SLOT, theirs, before?.version, { ...another(), rotationId: 'rot-2' });
    const restoration = { before: before?.version, values: undefined, receipt: undefined, pushed: fresh() };
    expect((await refusal(store.restore(SLOT, restoration, ctx))).code).toBe('DRIFT');
    expect(await emulator.peek(SLOT)).toEqual({ '': theirs[''].reveal() });
  });

  it('is no way back once the old secret is gone', async () => {
    const { restoration } = await push();
    emulator.engine.swarm.secrets.delete(restoration.before ?? '');
    expect((await refusal(store.restore(SLOT, restoration, ctx))).code).toBe('REFUSED');
  });

  it('removes the replaced secret, once and for all, and the next rotation goes on from there', async () => {
    const { receipt, finished } = await push();
    await store.tidy?.(SLOT, finished, ctx);
    await store.tidy?.(SLOT, finished, ctx);
    expect(emulator.engine.swarm.secretNamed(SLOT.ref)).toBeUndefined();
    const next = await store.read(SLOT, ctx);
    expect(next?.version).toBe(receipt.version);
    const again = await store.write(SLOT, fresh(), next?.version, another());
    await store.tidy?.(SLOT, { replaced: next?.version, receipt: again }, ctx);
    expect(names()).toHaveLength(2);
  });

  it('keeps the replaced secret while a service uses it', async () => {
    const { finished } = await push();
    alsoIn('late');
    expect(await refusal(store.tidy?.(SLOT, finished, ctx))).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('late'),
    });
  });

  it('removes nothing that keyturn has not replaced', async () => {
    const { finished } = await push();
    const before = names();
    const { replaced } = finished;
    for (const version of [replaced, 'absent', undefined])
      await store.tidy?.(SLOT, { replaced, receipt: { version } }, ctx);
    for (const another of ['another', undefined])
      await store.tidy?.(SLOT, { ...finished, replaced: another }, ctx);
    expect(names()).toEqual(before);
  });
});
