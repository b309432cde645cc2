import { RotationError } from '../core/errors/rotation-error.ts';

/** Everything between double braces: what is not a placeholder there is a mistake, never text to send. */
const BRACES = /\{\{.*?\}\}/gs;
const PLACEHOLDER = /^\s*([A-Za-z][A-Za-z0-9_.-]*)\s*(?:\|\s*([A-Za-z0-9]+)\s*)?$/;

const FILTERS = {
  url: encodeURIComponent,
  path: (value: string) => value.split('/').map(encodeURIComponent).join('/'),
  base64: (value: string) => Buffer.from(value, 'utf8').toString('base64'),
  json: (value: string) => JSON.stringify(value).slice(1, -1),
} as const satisfies Readonly<Record<string, (value: string) => string>>;

export type TemplateFilter = keyof typeof FILTERS;

interface Placeholder {
  readonly name: string;
  readonly filter: TemplateFilter | undefined;
}

/**
 * Fills `{{name}}` and `{{name | url}}` (also `path`, `base64`, `json`) from `values`. `implied` is the filter of placeholders
 * that name none, for places where the bare value is never right (a URL).
 * @throws RotationError CONFIG_INVALID when a name or a filter is not known
 */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string>>,
  subject: string,
  implied?: TemplateFilter,
): string {
  return template.replace(BRACES, (whole) => {
    const { name, filter = implied } = parse(whole, subject);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      const known = Object.keys(values).join(', ');
      throw new RotationError('CONFIG_INVALID', { subject, reason: `{{${name}}} is not one of: ${known}` });
    }
    return filter === undefined ? value : FILTERS[filter](value);
  });
}

/**
 * The names a template asks for, in order, each once.
 * @throws RotationError CONFIG_INVALID when it is malformed
 */
export function placeholdersIn(template: string, subject: string): readonly string[] {
  const names = [...template.matchAll(BRACES)].map(([whole]) => parse(whole, subject).name);
  return [...new Set(names)];
}

function parse(whole: string, subject: string): Placeholder {
  const match = PLACEHOLDER.exec(whole.slice(2, -2));
  const [, name, filter] = match ?? [];
  if (name === undefined) {
    const reason = `${whole} is not a placeholder such as {{value}} or {{value | url}}`;
    throw new RotationError('CONFIG_INVALID', { subject, reason });
  }
  if (filter === undefined || isFilter(filter)) return { name, filter };
  const known = Object.keys(FILTERS).join(', ');
  throw new RotationError('CONFIG_INVALID', { subject, reason: `filter ${filter} is not one of: ${known}` });
}

function isFilter(name: string): name is TemplateFilter {
  return Object.hasOwn(FILTERS, name);
}
