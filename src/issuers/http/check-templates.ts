import { fillBody, fillText } from '../../lib/http-request/fill.ts';
import type { RequestOptions } from '../../lib/http-request/request-schema.ts';
import type { HttpOptions } from './options.ts';

/**
 * Fills every template once, so that a misspelt placeholder is found before anything was done.
 * @throws RotationError CONFIG_INVALID
 */
export function checkTemplates(options: HttpOptions, subject: string): void {
  const fill = (name: string, request: RequestOptions | undefined, names: readonly string[]): void => {
    if (request === undefined) return;
    const values = Object.fromEntries(names.map((known) => [known, known]));
    const place = `${subject}: ${name}`;
    fillText(request.path, values, place);
    fillBody(request.body, values, place);
    for (const template of Object.values(request.headers ?? {})) fillText(template, values, place);
  };
  fill('create', options.create, ['label']);
  fill('identify', options.identify, Object.keys(options.create.parts));
  for (const template of Object.values(options.identify?.basic ?? {})) {
    const values = Object.fromEntries(Object.keys(options.create.parts).map((part) => [part, part]));
    fillText(template, values, `${subject}: identify.basic`);
  }
  fill('list', options.list, []);
  for (const name of ['deactivate', 'activate', 'delete', 'lastUsed'] as const)
    fill(name, options[name], ['keyId']);
}
