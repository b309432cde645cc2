import { atPath } from '../json-path.ts';

/** What an answer has at a path, where that is a number or a text that is not empty. */
export function textAt(document: unknown, path: string | undefined): string | undefined {
  const value = path === undefined ? undefined : atPath(document, path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
