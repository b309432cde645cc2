import { type Credential, VALUE_PART } from '../../core/credential.ts';
import type { Secret } from '../../core/secret.ts';
import type { CommandCheckOptions } from './options.ts';

interface Handed {
  readonly env: Readonly<Record<string, Secret>>;
  readonly stdin?: string;
}

/** The key as the program is to get it, or the name of a part it does not have. */
export function handOver(
  options: Pick<CommandCheckOptions, 'env' | 'stdin'>,
  credential: Credential,
): Handed | { readonly missing: string } {
  const env: Record<string, Secret> = {};
  for (const [variable, part] of Object.entries(options.env)) {
    const secret = partOf(credential, part);
    if (secret === undefined) return { missing: part };
    env[variable] = secret;
  }
  if (options.stdin === undefined) return { env };
  if (options.stdin === 'json') {
    const parts = Object.entries(credential).map(([part, secret]) => [part, secret.reveal()]);
    return { env, stdin: JSON.stringify(Object.fromEntries(parts)) };
  }
  const secret = partOf(credential, VALUE_PART);
  return secret === undefined ? { missing: VALUE_PART } : { env, stdin: secret.reveal() };
}

function partOf(credential: Credential, part: string): Secret | undefined {
  return Object.hasOwn(credential, part) ? credential[part] : undefined;
}
