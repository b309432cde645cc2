import { observeSecrets } from '../core/secret.ts';
import { printedForms, SHORTEST_SECRET } from './printed-forms.ts';

/** Replaces every live value, in every form in which it may be printed. */
export interface Redactor {
  learn(value: string): void;
  /** Never throws: it stands between an error and the terminal. */
  redact(text: string): string;
}

export function createRedactor(): Redactor {
  const values = new Set<string>();
  const unsorted = new Set<string>();
  // Longest first, so that no form is broken up by a shorter one inside it. Plain search and not one large
  // expression: that has a limit of size, which a long secret reaches, and it is slower.
  let forms: string[] = [];

  return {
    learn: (value) => {
      if (value.length < SHORTEST_SECRET || values.has(value)) return;
      values.add(value);
      unsorted.add(value);
    },
    redact: (text) => {
      if (values.size === 0 || text === '') return text;
      if (unsorted.size > 0) {
        const added = [...unsorted].flatMap((value) => [...printedForms(value)]);
        forms = [...new Set([...forms, ...added])].sort((a, b) => b.length - a.length);
        unsorted.clear();
      }
      return forms.reduce(
        (clean, form) => (clean.includes(form) ? clean.replaceAll(form, MARK) : clean),
        text,
      );
    },
  };
}

const MARK = '[redacted]';

/** The process's redactor: it learns of each `Secret` at its creation. */
export const redactor = createRedactor();
observeSecrets((value) => redactor.learn(value));
