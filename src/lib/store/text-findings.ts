import type { Finding } from '../../core/finding.ts';
import { type Slot, WHOLE } from '../../core/plugins/store.ts';
import { fieldOf } from './json-text.ts';

/** What is wrong with the fields of a slot in the text its secret holds now. */
export function textFindings(slot: Slot, text: string, subject: string): Finding[] {
  return slot.fields
    .filter((field) => field !== WHOLE)
    .flatMap((field) => fieldFindings(text, field, subject));
}

function fieldFindings(text: string, field: string, subject: string): Finding[] {
  const found = fieldOf(text, field);
  if (!found.usable) return [{ severity: 'error', code: 'REFUSED', subject, message: found.reason }];
  if (found.text !== undefined && found.text !== '') return [];
  const message = `the secret has no value under "${field}"; a push would add it`;
  return [
    { severity: 'warning', code: 'NOT_FOUND', subject, message, hint: 'Check the spelling of `field`.' },
  ];
}
