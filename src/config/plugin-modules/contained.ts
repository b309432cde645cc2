import { AwaitSignal } from '../../core/await-signal.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { redactor } from '../../lib/redactor.ts';
import type { PluginKind } from '../plugin-catalog.ts';

/** `effect`: what fails in an unknown way may have been done. Those with `?` may be absent. */
type Nature = 'look' | 'effect' | 'look?' | 'effect?';

const METHODS: Readonly<Record<PluginKind, Readonly<Record<string, Nature>>>> = {
  stores: {
    whoami: 'look',
    preflight: 'look',
    read: 'look',
    write: 'effect',
    restore: 'effect',
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
  const own = opened as Readonly<Record<string, unknown>>;
  // `propagation`, `overlap`: what is no method. Methods may lie on a prototype.
  const result: Record<string, unknown> = { ...own };
  for (const [name, nature] of Object.entries(METHODS[kind])) {
    const method = own[name];
    if (typeof method === 'function')
      result[name] = guarded(method.bind(opened) as Method, { name, nature, origin, subject });
    else if (!nature.endsWith('?')) {
      const reason = `the plug-in ${origin} has no \`${name}\``;
      throw new RotationError('CONFIG_INVALID', { subject, reason });
    }
  }
  return result as Opened;
}

interface Call {
  readonly name: string;
  readonly nature: Nature;
  readonly origin: string;
  readonly subject: string;
}

function guarded(method: Method, call: Call): Method {
  const give = (answer: unknown): unknown => {
    const values = valuesIn(call.name, answer);
    if (values.every((value) => value instanceof Secret)) return answer;
    throw failure(call, 'it gave a value that is no Secret of keyturn/plugin');
  };
  return (...args) => {
    try {
      const answer = method(...args);
      if (!(answer instanceof Promise)) return give(answer);
      return answer.then(give).catch((error: unknown) => {
        throw typed(call, error);
      });
    } catch (error) {
      throw typed(call, error);
    }
  };
}

/** The values of a key that an answer holds. */
function valuesIn(method: string, answer: unknown): readonly unknown[] {
  const { fields, credential } = (answer ?? {}) as { fields?: object; credential?: object };
  if (method === 'read') return Object.values(fields ?? {});
  return method === 'createKey' ? Object.values(credential ?? {}) : [];
}

function typed(call: Call, error: unknown): unknown {
  if (error instanceof RotationError || error instanceof AwaitSignal) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw what is no error';
  return failure(call, redactor.redact(said).slice(0, 300), error);
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
