import type { Json } from '../../core/json.ts';
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
  if (body === undefined || typeof body === 'string') return body && fillTemplate(body, values, subject);
  return JSON.stringify(filled(body as Json, values, subject));
}

function filled(json: Json | undefined, values: TemplateValues, subject: string): Json {
  if (typeof json === 'string') return fillTemplate(json, values, subject);
  if (Array.isArray(json)) return json.map((item: Json) => filled(item, values, subject));
  if (typeof json !== 'object' || json === null) return json ?? null;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, filled(value, values, subject)]),
  );
}
