import { RotationError } from '../core/errors/rotation-error.ts';

const PLACEHOLDER = /\{\{\s*([A-Za-z][A-Za-z0-9_.-]*)\s*(?:\|\s*([a-z0-9]+)\s*)?\}\}/g;

const FILTERS: Readonly<Record<string, (value: string) => string>> = {
  url: encodeURIComponent,
  base64: (value) => Buffer.from(value, 'utf8').toString('base64'),
  json: (value) => JSON.stringify(value).slice(1, -1),
};

/**
 * Fills `{{name}}` and `{{name | url}}` (also `base64`, `json`) from `values`.
 * @throws RotationError CONFIG_INVALID when a name or a filter is not known
 */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string>>,
  subject: string,
): string {
  return template.replace(PLACEHOLDER, (_whole, name: string, filter: string | undefined) => {
    const value = values[name];
    if (value === undefined) {
      const known = Object.keys(values).join(', ');
      throw new RotationError('CONFIG_INVALID', { subject, reason: `{{${name}}} is not one of: ${known}` });
    }
    if (filter === undefined) return value;
    const apply = FILTERS[filter];
    if (apply === undefined) {
      const known = Object.keys(FILTERS).join(', ');
      throw new RotationError('CONFIG_INVALID', {
        subject,
        reason: `filter ${filter} is not one of: ${known}`,
      });
    }
    return apply(value);
  });
}
