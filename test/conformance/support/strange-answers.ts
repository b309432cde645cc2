import { readFile, writeFile } from 'node:fs/promises';
import { isRotationError, type RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { alterationsOf } from './alterations.ts';
import { type AlteringProxy, type Change, type Exchange, startAlteringProxy } from './altering-proxy.ts';

interface Emulator {
  options(original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
  stop(): Promise<void>;
}

/** What a plug-in is opened on. */
export interface Through extends Emulator {
  readonly proxy: AlteringProxy;
}

/** The same emulator behind a proxy; undefined where it has no address in its options. */
export async function throughProxy(emulator: Emulator): Promise<Through | undefined> {
  const options = emulator.options();
  const path = options['kubeconfig'];
  const text = typeof path === 'string' ? await readFile(path, 'utf8') : JSON.stringify(options);
  const behind = /\/\/(127\.0\.0\.1:\d+)/.exec(text)?.[1];
  if (behind === undefined) return undefined;
  const proxy = await startAlteringProxy(behind);
  const here = (said: string): string => said.replaceAll(behind, proxy.host);
  if (typeof path === 'string') await writeFile(path, here(text));
  const told = JSON.parse(here(JSON.stringify(options))) as JsonObject;
  return {
    proxy,
    options: () => told,
    resolve: (reference) => {
      const value = emulator.resolve(reference);
      return value === undefined ? undefined : here(value);
    },
    stop: async () => {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

/** What became of a call. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: RotationError };

interface Opened {
  readonly proxy: AlteringProxy;
  close(): Promise<void>;
}

/** One call of a plug-in, opened anew for each answer that is altered. */
export interface Scenario<Rig extends Opened, Result> {
  /** Names in answers that are of the owner's making. */
  readonly own?: readonly string[];
  open(): Promise<Rig>;
  call(rig: Rig): Promise<Result>;
  /** What is wrong with the outcome; undefined when it is a right one. */
  fault?(outcome: Outcome<Result>, rig: Rig): Promise<string | undefined>;
}

const unaltered: Change = (_asked, body) => body;

/** The faults of a call whose answers are altered, one by one, in every way. */
export async function faultsOf<Rig extends Opened, Result>({
  own,
  open,
  call,
  fault = async () => undefined,
}: Scenario<Rig, Result>): Promise<readonly string[]> {
  const answers = new Map<string, Exchange>();
  /** Prepares with answers as they are, then calls. */
  const tryWith = async (change: Change): Promise<string | undefined> => {
    const rig = await open();
    const { proxy } = rig;
    try {
      proxy.alter(change);
      const outcome = await outcomeOf(() => call(rig));
      if (change === unaltered)
        for (const answer of proxy.answers) answers.set(shapeOf(answer.asked), answer);
      proxy.alter(unaltered);
      return typeof outcome === 'string' ? outcome : (strangeText(outcome) ?? (await fault(outcome, rig)));
    } finally {
      proxy.alter(unaltered);
      await rig.close();
    }
  };

  const usual = await tryWith(unaltered);
  if (usual !== undefined) return [`with nothing altered: ${usual}`];
  const faults: string[] = [];
  for (const [asked, answer] of answers) {
    for (const { what, apply } of alterationsOf(answer, own)) {
      const found = await tryWith((name, text) => (shapeOf(name) === asked ? apply(text) : text));
      if (found !== undefined) faults.push(`${asked} with ${what}: ${found}`);
    }
  }
  return faults;
}

/** Names that are made at random differ from run to run: ids in a path. */
function shapeOf(asked: string): string {
  return asked.replace(/[\w%-]*\d[\w%-]*/g, '#');
}

async function outcomeOf<Result>(call: () => Promise<Result>): Promise<Outcome<Result> | string> {
  try {
    return { result: await call() };
  } catch (error) {
    if (!isRotationError(error)) return `threw ${String(error)}`;
    return error.code === 'INTERNAL' ? `INTERNAL: ${error.message}` : { error };
  }
}

/** What JavaScript makes of a value that is not there is no word for people, and no fact to compare. */
function strangeText(outcome: Outcome<unknown>): string | undefined {
  const text =
    'error' in outcome
      ? `${outcome.error.message} ${outcome.error.hint}`
      : JSON.stringify(outcome.result ?? '');
  return /\bundefined\b|\bNaN\b|\[object /.test(text) ? `says: ${text}` : undefined;
}
