import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { IssuedKey, Issuer, Propagation } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { newKeyPair, PRIVATE_PART, pairProblem } from './key-pair.ts';
import type { GeneratedOptions } from './options.ts';
import { couldBe, randomText } from './random-text.ts';

/** There is nobody whose word has to spread. */
const PROPAGATION: Propagation = { confirmations: 1, intervalMs: 0, deadlineMs: 0 };

export function openGeneratedIssuer(options: GeneratedOptions, { name }: OpenContext): Issuer {
  return {
    propagation: PROPAGATION,
    preflight: async (oldKey) => otherFormat(oldKey, options, name),
    keyIdOf,
    validate: (key) => {
      const reason = problemOf(key, options);
      if (reason !== undefined)
        throw new RotationError('REFUSED', { subject: name, action: 'read the key', reason });
    },
    createKey: async (_label, { signal }) => {
      if (signal.aborted) throw new RotationError('ABORTED', { subject: name, reason: 'asked to stop' });
      return newKey(options);
    },
  };
}

export async function newKey(options: GeneratedOptions): Promise<IssuedKey> {
  if (options.format === 'ed25519' || options.format === 'rsa') {
    const pair = await newKeyPair(options);
    return { id: pair[PRIVATE_PART].fingerprint(), credential: pair };
  }
  const value = new Secret(randomText(options));
  return { id: value.fingerprint(), credential: { [VALUE_PART]: value } };
}

/** No issuer gives it a name, so its fingerprint is one: as unique as the value, and safe to show. */
function keyIdOf(key: Credential): string | undefined {
  return (key[VALUE_PART] ?? key[PRIVATE_PART])?.fingerprint();
}

function problemOf(key: Credential, options: GeneratedOptions): string | undefined {
  if (options.format === 'ed25519' || options.format === 'rsa') return pairProblem(key, options);
  const value = key[VALUE_PART]?.reveal() ?? '';
  if (value.trim() === '') return 'it is empty';
  if (/\s/.test(value)) return 'it has white space in front, inside or behind';
  return couldBe(value, options) ? undefined : `it does not have the format ${options.format} of the options`;
}

/** Moving from hand-made values to generated ones is the point of many first rotations: said, not refused. */
function otherFormat(oldKey: Credential, options: GeneratedOptions, subject: string): readonly Finding[] {
  if (problemOf(oldKey, options) === undefined) return [];
  return [
    {
      severity: 'warning',
      code: 'DRIFT',
      subject,
      message: `The current value does not have the format ${options.format} that the new one will have.`,
      hint: 'Make sure that every service accepts the new format and length.',
    },
  ];
}
