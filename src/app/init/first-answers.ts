import type { FirstConfigAnswers, FirstTarget } from '../../config/write-config.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** What flags (or a person) have said, each in one line of text. */
export interface InitRequest {
  readonly key: string;
  readonly issuer: string;
  /** `NAME=TYPE`. */
  readonly stores: readonly string[];
  /** `STORE:REF` or `STORE:REF#FIELD`. */
  readonly targets: readonly string[];
  /** `stores.NAME.OPTION=VALUE` or `issuer.OPTION=VALUE`; a VALUE that is JSON is taken as such. */
  readonly options: readonly string[];
  readonly service: string | undefined;
  /** URL that answers 2xx to a live key in X-API-Key. */
  readonly checkUrl: string | undefined;
}

/** @throws RotationError CONFIG_INVALID naming the flag and the form it has */
export function answersFrom(request: InitRequest): FirstConfigAnswers {
  const targets = request.targets.map(parseTarget);
  const optionsOf = (prefix: string): JsonObject => optionsBelow(request.options, prefix);
  const stores = request.stores.map((text) => {
    const [name, type] = split(text, '=', '--store', 'NAME=TYPE');
    return { name, type, options: optionsOf(`stores.${name}.`) };
  });
  const checks =
    request.checkUrl === undefined
      ? []
      : [
          {
            type: 'http',
            options: { name: 'alive', url: request.checkUrl, headers: { 'X-API-Key': '{{value}}' } },
          },
        ];
  return {
    schema: './keyturn.schema.json',
    stores,
    key: request.key,
    issuer: { type: request.issuer, options: optionsOf('issuer.') },
    targets: request.service === undefined ? targets : [],
    services: request.service === undefined ? [] : [{ name: request.service, from: targets, checks }],
  };
}

function parseTarget(text: string): FirstTarget {
  const [store, place] = split(text, ':', '--target', 'STORE:REF#FIELD');
  const hash = place.lastIndexOf('#');
  if (hash < 0) return { store, ref: place, fields: { '': 'value' } };
  return { store, ref: place.slice(0, hash), fields: { [place.slice(hash + 1)]: 'value' } };
}

function optionsBelow(options: readonly string[], prefix: string): JsonObject {
  const result: Record<string, Json> = {};
  for (const text of options) {
    const [path, value] = split(text, '=', '--set', 'stores.NAME.OPTION=VALUE or issuer.OPTION=VALUE');
    if (!/^(stores\.[^.]+|issuer)\./.test(path)) throw unknownOption(text);
    if (path.startsWith(prefix)) result[path.slice(prefix.length)] = jsonOrText(value);
  }
  return result;
}

function jsonOrText(value: string): Json {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function split(text: string, at: string, flag: string, form: string): [string, string] {
  const index = text.indexOf(at);
  if (index > 0 && index < text.length - 1) return [text.slice(0, index), text.slice(index + 1)];
  throw new RotationError('CONFIG_INVALID', {
    subject: `${flag} ${text}`,
    reason: `it does not have the form ${form}`,
  });
}

function unknownOption(text: string): RotationError {
  const reason = 'it does not begin with stores.NAME. or issuer.';
  return new RotationError('CONFIG_INVALID', { subject: `--set ${text.split('=')[0]}`, reason });
}
