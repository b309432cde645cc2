import { AwaitSignal } from '../../core/await-signal.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { PluginKind } from '../plugin-catalog.ts';
import { answerFault, answersAtOnce } from './answer-fault.ts';
import { asTheirs } from './their-output.ts';
import { theirWords } from './their-words.ts';

/** `effect`: what fails in an unknown way may have been done. Those with `?` may be absent. */
type Nature = 'look' | 'effect' | 'look?' | 'effect?';

const METHODS: Readonly<Record<PluginKind, Readonly<Record<string, Nature>>>> = {
  stores: {
    whoami: 'look',
    preflight: 'look',
    read: 'look',
    write: 'effect',
    restore: 'effect',
    abandon: 'effect?',
    tidy: 'effect?',
    close: 'look?',
  },
  issuers: {
    preflight: 'look',
    keyIdOf: 'look',
    validate: 'look',
    identify: 'look?',
    listKeys: 'look?',
    createKey: 'effect',
    deactivateKey: 'effect?',
    activateKey: 'effect?',
    deleteKey: 'effect?',
    lastUsed: 'look?',
    close: 'look?',
  },
  checks: { run: 'look' },
  reloads: { run: 'effect' },
  notifiers: { notify: 'effect', close: 'look?' },
};

type Method = (...args: readonly unknown[]) => unknown;

/**
 * What a plug-in by somebody else has opened, held to the contract that ours are tested for: only typed errors leave
 * it, and what it gives of a key is a `Secret`. A defect in it must not look like one of the engine.
 * @throws RotationError CONFIG_INVALID when a method is missing
 */
export function contained<Opened extends object>(
  opened: Opened,
  { kind, origin, subject }: { readonly kind: PluginKind; readonly origin: string; readonly subject: string },
): Opened {
  const invalid = (reason: string) => new RotationError('CONFIG_INVALID', { subject, reason });
  if (typeof opened !== 'object' || opened === null)
    throw invalid(`the plug-in ${origin} has opened nothing`);
  const own = opened as Readonly<Record<string, unknown>>;
  // What is no method. Like methods, it may lie on a prototype.
  const result: Record<string, unknown> = { ...own, ...propertiesOf(own) };
  if (kind === 'issuers' && !isPropagation(own['propagation']))
    throw invalid(`the plug-in ${origin} has no \`propagation\` of three numbers`);
  for (const [name, nature] of Object.entries(METHODS[kind])) {
    const method = own[name];
    if (typeof method === 'function')
      result[name] = guarded(method.bind(opened) as Method, { kind, name, nature, origin, subject });
    else if (!nature.endsWith('?')) throw invalid(`the plug-in ${origin} has no \`${name}\``);
  }
  return result as Opened;
}

function propertiesOf(own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const there = ['propagation', 'overlap'].filter((name) => own[name] !== undefined);
  return Object.fromEntries(there.map((name) => [name, own[name]]));
}

function isPropagation(value: unknown): boolean {
  const numbers = (value ?? {}) as Readonly<Record<string, unknown>>;
  return ['confirmations', 'intervalMs', 'deadlineMs'].every((name) => typeof numbers[name] === 'number');
}

export interface Call {
  readonly kind: PluginKind;
  readonly name: string;
  readonly nature: Nature;
  readonly origin: string;
  readonly subject: string;
}

function guarded(method: Method, call: Call): Method {
  const give = (answer: unknown): unknown => {
    const fault = answerFault(call.kind, call.name, answer);
    if (fault === undefined) return answer;
    throw failure(call, fault);
  };
  return (...args) => {
    try {
      const answer = asTheirs(() => method(...args));
      if (!isThenable(answer)) return give(answer);
      // Whatever has a `then` is waited for, as `await` would.
      const settled = Promise.resolve(answer).then(give);
      if (!answersAtOnce(call.kind, call.name))
        return settled.catch((error: unknown) => {
          throw typed(call, error);
        });
      settled.catch(() => {});
      throw failure(call, 'it gave a promise, and has to answer at once');
    } catch (error) {
      throw typed(call, error);
    }
  };
}

function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof (answer as { then?: unknown } | null | undefined)?.then === 'function';
}

/** The error of a call, typed: its own where it is, and otherwise one that names the plug-in. */
export function typed(call: Call, error: unknown): unknown {
  if (error instanceof RotationError || error instanceof AwaitSignal) return error;
  const kind = error instanceof Error ? `${error.name}: ` : '';
  return failure(call, `${kind}${theirWords(error)}`, error);
}

function failure({ name, nature, origin, subject }: Call, reason: string, cause?: unknown): RotationError {
  const code = nature.startsWith('effect') ? 'INDETERMINATE' : 'INTERNAL';
  return new RotationError(
    code,
    {
      subject,
      action: `call ${name} of the plug-in ${origin}`,
      reason,
      hint: `Tell the author of ${origin}.`,
    },
    cause === undefined ? {} : { cause },
  );
}
