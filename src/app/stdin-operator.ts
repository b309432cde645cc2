import { AwaitSignal } from '../core/await-signal.ts';
import type { Credential } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { AssistedTask, Operator, RequestedPart } from '../core/operator.ts';
import { Secret } from '../core/secret.ts';

/**
 * Nobody is there, but the new key comes by stdin (`--new-key-stdin`): one value, or JSON with one string a part. What
 * does not pass the check is refused at once. `readStdin` gives the same text each time: an issuer that was busy with
 * the check is asked again.
 */
export function stdinOperator(readStdin: () => Promise<string>, fallback: Operator): Operator {
  return {
    provideCredential: async (_task, parts, { check }) => {
      const credential = parseCredential(await readStdin(), parts);
      await check(credential);
      return credential;
    },
    confirmDone: fallback.confirmDone,
  };
}

/** Nobody is there: everything a person has to do pauses the rotation, with the instructions kept. */
export const absentOperator: Operator = {
  provideCredential: (task) =>
    Promise.reject(waitingFor(task, 'a new key is needed', 'keyturn resume ROTATION --new-key-stdin')),
  confirmDone: (task) =>
    Promise.reject(waitingFor(task, 'a person has to do this', 'keyturn resume ROTATION --confirm-done')),
};

/** `--confirm-done`: the person has done it before calling; the proof of death follows anyway. */
export const confirmingOperator: Operator = {
  provideCredential: absentOperator.provideCredential,
  confirmDone: () => Promise.resolve(),
};

function waitingFor(task: AssistedTask, reason: string, next: string): AwaitSignal {
  const instructions = [...task.instructions, ...(task.url === undefined ? [] : [task.url])];
  return new AwaitSignal(`${task.title}: ${reason}`, { instructions, next });
}

/** One trailing newline, as `echo` and editors leave it, is not part of the value. */
export function parseCredential(text: string, parts: readonly RequestedPart[]): Credential {
  const value = text.replace(/\r?\n$/, '');
  const [only, another] = parts;
  if (only !== undefined && another === undefined) return { [only.name]: secretOf(value, only.name) };
  const given = objectOf(value, parts);
  return Object.fromEntries(parts.map(({ name }) => [name, secretOf(given[name], name)]));
}

function objectOf(text: string, parts: readonly RequestedPart[]): Readonly<Record<string, unknown>> {
  const expected = `a JSON object with ${parts.map((part) => part.name).join(' and ')}`;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below, without repeating what was given.
  }
  throw new RotationError('REFUSED', { subject: 'the new key on stdin', reason: `it is not ${expected}` });
}

function secretOf(value: unknown, name: string): Secret {
  if (typeof value === 'string' && value !== '') return new Secret(value);
  throw new RotationError('REFUSED', {
    subject: 'the new key on stdin',
    reason: `${name} is empty`,
    hint: 'Nothing was pushed. Give the value by a pipe: `pbpaste | keyturn rotate KEY --new-key-stdin`.',
  });
}
