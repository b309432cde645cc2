import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { type CredentialDefinition, elementOf, isRedacted, partOf } from './credential-definition.ts';
import { definitionProblems } from './definition-problems.ts';
import { escapeXml, fitsIntoXml, isText } from './xml-text.ts';

/**
 * The definition with the values in it, to be posted. Everything around them stays as it is, to the byte. The text
 * holds plaintext.
 * @throws RotationError when the definition cannot be written back whole; REFUSED for a value XML cannot carry
 */
export function withValues(
  definition: CredentialDefinition,
  id: string,
  slot: Slot,
  values: Fields<Secret>,
  subject: string,
): string {
  const action = 'write the credential';
  const [problem] = definitionProblems(definition, id, slot.fields);
  if (problem !== undefined) {
    const { code, message, hint } = problem;
    throw new RotationError(code, { subject, action, reason: message, hint });
  }
  const edits = slot.fields.map((field) => {
    const part = partOf(definition, field);
    const element = part === undefined ? undefined : elementOf(definition, part.element);
    const value = valueFor(values, field, subject);
    if (part === undefined || element === undefined) {
      throw new RotationError('INTERNAL', { subject, action, reason: `a definition without \`${field}\`` });
    }
    const text = part.encode(value.reveal());
    if (!isText(value.reveal()) || !fitsIntoXml(text)) {
      throw new RotationError('REFUSED', {
        subject,
        action,
        reason: `the value for \`${part.element}\` holds control characters, which XML cannot carry`,
        hint: 'Look for stray control characters in the key.',
      });
    }
    return { element, text: `${element.startTag}${escapeXml(text)}</${element.name}>` };
  });
  // From the end, so that the offsets before an edit stay true.
  edits.sort((a, b) => b.element.start - a.element.start);
  let text = definition.text;
  for (const { element, text: now } of edits)
    text = `${text.slice(0, element.start)}${now}${text.slice(element.end)}`;
  if (isRedacted(text)) {
    throw new RotationError('REFUSED', {
      subject,
      action,
      reason: 'a placeholder of Jenkins would be written in place of a secret',
    });
  }
  return text;
}
