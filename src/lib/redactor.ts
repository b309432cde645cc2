import { observeSecrets } from '../core/secret.ts';

/** Shorter values would blank out ordinary words; such a secret has no entropy to protect anyway. */
const SHORTEST = 6;

/** Replaces every live value, in every form in which it may be printed. */
export interface Redactor {
  learn(value: string): void;
  redact(text: string): string;
}

export function createRedactor(): Redactor {
  const values = new Set<string>();
  let pattern: RegExp | undefined;

  return {
    learn: (value) => {
      if (value.length < SHORTEST || values.has(value)) return;
      values.add(value);
      pattern = undefined;
    },
    redact: (text) => {
      if (values.size === 0 || text === '') return text;
      pattern ??= compile(values);
      return text.replace(pattern, '[redacted]');
    },
  };
}

/** The process's redactor: it learns of each `Secret` at its creation. */
export const redactor = createRedactor();
observeSecrets((value) => redactor.learn(value));

function compile(values: ReadonlySet<string>): RegExp {
  const forms = new Set<string>();
  for (const value of values) for (const form of printedForms(value)) forms.add(form);
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escapeForm).join('|'), 'g');
}

/** As it is, its lines, JSON-escaped, URL-encoded, and base64 at each of the three alignments it can have in a longer text. */
function printedForms(value: string): string[] {
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), value.trim()];
  if (value.includes('\n')) forms.push(...value.split(/\r?\n/));
  for (let shift = 0; shift < 3; shift += 1) {
    const encoded = Buffer.from(`${'x'.repeat(shift)}${value}`, 'utf8').toString('base64');
    // The first and last group may mix with what stands beside the value.
    const core = encoded.slice(shift === 0 ? 0 : 4, Math.floor(encoded.replace(/=+$/, '').length / 4) * 4);
    forms.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms.filter((form) => form.length >= SHORTEST);
}

function escapeForm(form: string): string {
  return form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
