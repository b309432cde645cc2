import type { Version } from '../../core/plugins/store.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { textAt } from '../../lib/http-request/text-at.ts';
import type { HttpStoreOptions } from './options-shape.ts';

/** Undefined where nothing is configured, or the answer does not tell. */
export function versionIn(
  answer: HttpAnswer,
  document: unknown,
  where: HttpStoreOptions['read']['version'],
): Version | undefined {
  if (where === undefined) return undefined;
  if ('path' in where) return textAt(document, where.path);
  const header = answer.headers[where.header.toLowerCase()];
  return header === '' ? undefined : header;
}
