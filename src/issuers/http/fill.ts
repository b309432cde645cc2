import { fillTemplate } from '../../lib/template.ts';
import type { RequestOptions } from './request-schema.ts';

export type TemplateValues = Readonly<Record<string, string>>;

export function fillText(template: string, values: TemplateValues, subject: string): string {
  return fillTemplate(template, values, subject);
}

/** A mapping is filled string by string and encoded afterwards, so that no value can break out of its quotes. */
export function fillBody(
  body: RequestOptions['body'],
  values: TemplateValues,
  subject: string,
): string | undefined {
  if (typeof body === 'string') return fillTemplate(body, values, subject);
  return body && JSON.stringify(filled(body, values, subject));
}

function filled(json: unknown, values: TemplateValues, subject: string): unknown {
  if (typeof json === 'string') return fillTemplate(json, values, subject);
  if (Array.isArray(json)) return json.map((item) => filled(item, values, subject));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, filled(value, values, subject)]),
  );
}
