import { randomBytes } from 'node:crypto';

/** Made at run time, so that no scanner takes a test for a leak; nothing in it needs escaping anywhere. */
export function plainValue(): string {
  return `kt-${randomBytes(24).toString('base64url')}`;
}

/** Values that a careless encoder damages. */
export const AWKWARD_VALUES: Readonly<Record<string, () => string>> = {
  'text beyond ASCII': () => `ключ-🔑-é-${plainValue()}`,
  'several lines': () => `${plainValue()}\n${plainValue()}\n\n${plainValue()}\n`,
  'quotes, spaces and signs': () => `${plainValue()} "a" 'b' \\n $HOME \${X} #c %41 &<>=?+/,;: {{d}}`,
};

export function valueOfBytes(bytes: number): string {
  return randomBytes(Math.ceil(bytes / 2))
    .toString('hex')
    .slice(0, bytes);
}
