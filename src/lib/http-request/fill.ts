import { fillTemplate } from '../template.ts';
import type { RequestOptions } from './request-schema.ts';

export type TemplateValues = Readonly<Record<string, string>>;

export function fillText(template: string, values: TemplateValues, subject: string): string {
  return fillTemplate(template, values, subject);
}

/** Placeholder → mapping: a string in a body that is this placeholder and nothing else becomes the mapping. */
export type TemplateMappings = Readonly<Record<string, TemplateValues>>;

/** A mapping is filled string by string and encoded afterwards, so that no value can break out of its quotes. */
export function fillBody(
  body: RequestOptions['body'],
  values: TemplateValues,
  subject: string,
  mappings: TemplateMappings = {},
): string | undefined {
  if (typeof body === 'string') return fillTemplate(body, values, subject);
  return body && JSON.stringify(filled(body, { values, mappings, subject }));
}

interface Filling {
  readonly values: TemplateValues;
  readonly mappings: TemplateMappings;
  readonly subject: string;
}

function filled(json: unknown, filling: Filling): unknown {
  if (typeof json === 'string')
    return mappingAt(json, filling) ?? fillTemplate(json, filling.values, filling.subject);
  if (Array.isArray(json)) return json.map((item) => filled(item, filling));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, filled(value, filling)]));
}

function mappingAt(text: string, { mappings }: Filling): TemplateValues | undefined {
  const name = /^\{\{\s*([A-Za-z]+)\s*\}\}$/.exec(text)?.[1];
  return name !== undefined && Object.hasOwn(mappings, name) ? mappings[name] : undefined;
}
