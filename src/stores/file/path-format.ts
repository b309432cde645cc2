import { RotationError } from '../../core/errors/rotation-error.ts';
import { isJsonPath, stepsOf } from '../../lib/json-path.ts';
import type { TextFormat } from '../../lib/text-file/text-format.ts';
import type { Document, Found, Notation } from './notation.ts';

type FoundText = Extract<Found, { kind: 'text' }>;

const HINT =
  'Give the path of the value as `field`: `payments.keys[0].secret`; names with dots in quotes: `["a.b"].key`.';

/** What SOPS leaves in place of a value, in any kind of file. */
const ENCRYPTED = /^ENC\[AES256_GCM,/;

/**
 * Files in which a field is the path of a value. Each edit is proved by parsing the new text: the value is there, and
 * everything beside it is what it was.
 */
export function pathFormat(notation: Notation): TextFormat {
  const nameOf = (field: string): string => `value ${field}`;

  const parse = (text: string, subject: string): Document => {
    try {
      return notation.parse(text, subject);
    } catch (error) {
      // A parser that ran out of stack.
      if (!(error instanceof RangeError)) throw error;
      throw new RotationError('REFUSED', { subject, reason: 'it is nested too deeply' });
    }
  };

  /** Undefined when it is not there. */
  const find = (document: Document, field: string, subject: string): FoundText | undefined => {
    const found = document.at(stepsOf(field));
    if (found.kind === 'absent') return undefined;
    if (found.kind === 'unusable') throw unusable(found, nameOf(field), subject);
    if (ENCRYPTED.test(found.value)) throw encrypted(nameOf(field), subject);
    if (isSealed(document)) throw sealed(subject);
    return found;
  };

  /** The text with another value in its place; undefined when there is no way to write it there. */
  const replaced = (
    text: string,
    document: Document,
    field: string,
    found: FoundText,
    value: string,
    subject: string,
  ): string | undefined => {
    const steps = stepsOf(field);
    const beside = document.beside(steps);
    const isRight = (edited: string): boolean => {
      try {
        const next = parse(edited, subject);
        const now = next.at(steps);
        return now.kind === 'text' && now.value === value && next.beside(steps) === beside;
      } catch {
        return false;
      }
    };
    // It would be there, and nobody would get it back.
    if (ENCRYPTED.test(value)) return undefined;
    return found
      .spell(value)
      .map((spelling) => text.slice(0, found.start) + spelling + text.slice(found.end))
      .find(isRight);
  };

  const editOne = (text: string, field: string, value: string, subject: string): string => {
    const document = parse(text, subject);
    const found = find(document, field, subject);
    if (found === undefined) {
      throw new RotationError('NOT_FOUND', { subject, reason: `it has no ${nameOf(field)}` });
    }
    if (found.value === value) return text;
    const edited = replaced(text, document, field, found, value, subject);
    if (edited !== undefined) return edited;
    throw new RotationError('REFUSED', {
      subject,
      reason: `the new value of its ${nameOf(field)} cannot be written there so that every reader gets it back`,
      hint: 'Its quotes, line ends or signs have no spelling there. Use a value without them, or another store.',
    });
  };

  return {
    nameOf,
    problemOf: (field) => {
      if (!isJsonPath(field) || stepsOf(field).length === 0) {
        const reason =
          field === '' ? 'no field names a value of the file' : `field ${field} is no path to a value`;
        return { reason, hint: HINT };
      }
      const reason = notation.problemOf?.(stepsOf(field));
      return reason === undefined ? undefined : { reason: `field ${field} ${reason}`, hint: HINT };
    },
    valueOf: (text, field, subject) => {
      const document = parse(text, subject);
      const found = find(document, field, subject);
      if (found === undefined || found.value === '') return found?.value;
      // What cannot be written back cannot be restored, so it is said before anything is replaced.
      if (replaced(text, document, field, found, found.value, subject) !== undefined) return found.value;
      const reason = 'is written in a way that could not be brought back';
      throw unusable({ reason, hint: 'Write it as one line in quotes.' }, nameOf(field), subject);
    },
    edit: (text, changes, subject) =>
      [...changes].reduce((edited, [field, value]) => editOne(edited, field, value, subject), text),
  };
}

/**
 * SOPS takes a checksum of all values, of those that it leaves plain too unless it is told otherwise (it writes that
 * down only where it is so), and opens no file whose checksum is wrong.
 */
function isSealed(document: Document): boolean {
  const mac = document.at(['sops', 'mac']);
  if (mac.kind !== 'text' || !ENCRYPTED.test(mac.value)) return false;
  const plainToo = document.at(['sops', 'mac_only_encrypted']);
  return plainToo.kind === 'absent' || (plainToo.kind === 'text' && plainToo.value !== 'true');
}

function sealed(subject: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: 'it has a checksum of SOPS over all its values, which would not open it any more',
    hint: 'Set the value with `sops set`, or keep this key in another file.',
  });
}

function unusable(
  { reason, hint }: { readonly reason: string; readonly hint?: string },
  name: string,
  subject: string,
): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: `its ${name} ${reason}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function encrypted(name: string, subject: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: `its ${name} is encrypted by SOPS; a plain value would take its place unprotected`,
    hint: 'Set it with `sops set`, or keep this key in another store.',
  });
}
