import { RotationError } from '../../core/errors/rotation-error.ts';

/**
 * The bytes as text that becomes the same bytes again (a byte order mark stays in it).
 * @throws RotationError REFUSED for anything that is not UTF-8 text
 */
export function decodeText(bytes: Buffer, subject: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw notText(subject, 'it is UTF-16, which most readers of such files do not understand');
  }
  if (bytes.includes(0)) throw notText(subject, 'it holds a NUL byte');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw notText(subject, 'it is not valid UTF-8');
  return text;
}

/** @throws RotationError REFUSED when the text (a value in it) is not what would be read back */
export function encodeText(text: string, subject: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.includes(0)) throw notText(subject, 'the new value holds a NUL character');
  if (bytes.toString('utf8') !== text) throw notText(subject, 'the new value is not valid Unicode');
  return bytes;
}

function notText(subject: string, reason: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason,
    hint: 'Save it as UTF-8 text, then run the command again.',
  });
}
