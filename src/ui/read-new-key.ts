import { RotationError } from '../core/errors/rotation-error.ts';
import { Secret } from '../core/secret.ts';

const HINT = 'Give it by a pipe: `pbpaste | keyturn rotate KEY --new-key-stdin`.';

/**
 * All of stdin, as it came. The redactor knows it from then on.
 * @throws RotationError REFUSED for a terminal, where it would be shown while it is typed, and for nothing at all
 */
export async function readNewKey(stdin: NodeJS.ReadStream): Promise<string> {
  if (stdin.isTTY === true) {
    throw refused(
      'stdin is a terminal, which would show the key',
      `${HINT} Or leave the flag out: you are asked.`,
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const value = text.trim();
  if (value === '') throw refused('it is empty', `Nothing was touched. ${HINT}`);
  new Secret(value);
  return text;
}

function refused(reason: string, hint: string): RotationError {
  return new RotationError('REFUSED', { subject: 'the new key on stdin', reason, hint });
}
