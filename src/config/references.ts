import { RotationError } from '../core/errors/rotation-error.ts';
import { Secret } from '../core/secret.ts';
import { readCommand } from './references/read-command.ts';
import { readSecretFile } from './references/read-secret-file.ts';
import type { Reading, ReferenceSettings } from './references/reading.ts';

/** @throws RotationError CONFIG_INVALID, whose message never holds the value */
export type ResolveReference = (reference: string) => Promise<Secret>;

/**
 * Resolves `env:NAME`, `file:PATH` and `exec:COMMAND ARG…`, each once a process, however many ask and however it ends: a
 * program that asks for a finger on a token must not ask for it fifty times. There is no keyring: reaching one takes a
 * native module or a program, and the program is what `exec:` is for (`exec:secret-tool lookup …`, `exec:security
 * find-generic-password -w …`).
 */
export function createResolver(settings: ReferenceSettings): ResolveReference {
  const resolved = new Map<string, Promise<Secret>>();
  return (reference) => {
    const known = resolved.get(reference) ?? resolve(reference, settings);
    resolved.set(reference, known);
    return known;
  };
}

async function resolve(reference: string, settings: ReferenceSettings): Promise<Secret> {
  const [, scheme, rest] = /^(env|file|exec):(.+)$/s.exec(reference) ?? [];
  if (scheme === undefined || rest === undefined) {
    // It may be the secret itself: it is not repeated.
    const reason = 'it does not begin with env:, file: or exec:';
    throw new RotationError('CONFIG_INVALID', { subject: 'a reference', reason });
  }
  const { subject, value } = await READERS[scheme as keyof typeof READERS](rest, settings);
  if (value.trim() === '')
    throw new RotationError('CONFIG_INVALID', { subject, reason: 'it gives an empty value' });
  return new Secret(value);
}

const READERS = { env: readVariable, file: readSecretFile, exec: readCommand } as const;

async function readVariable(name: string, { env }: ReferenceSettings): Promise<Reading> {
  const subject = `env:${name}`;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return { subject, value };
  const hint = `Set ${name} in the environment keyturn runs in.`;
  throw new RotationError('CONFIG_INVALID', { subject, reason: 'the variable is not set', hint });
}
