import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';
import type { EmulatedObject, Manifest } from './emulated-objects.ts';
import { failure } from './status.ts';

const LARGEST = 1_048_576;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Data = Readonly<Record<string, string>>;

/** Why the server would not keep a Secret so; undefined when it would. */
export function secretRefusal(old: EmulatedObject | undefined, next: Manifest): EmulatedAnswer | undefined {
  const { name } = next.metadata;
  const invalid = (what: string): EmulatedAnswer => failure(422, `Secret "${name}" is invalid: ${what}`);
  const data = (next['data'] ?? {}) as Data;
  const values = Object.values(data);
  if (values.some((value) => typeof value !== 'string' || !BASE64.test(value))) {
    return failure(400, 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data');
  }
  const odd = Object.keys(data).find((key) => !KEY.test(key));
  if (odd !== undefined)
    return invalid(`data[${odd}]: Invalid value: "${odd}": a valid config key must consist of …`);
  const bytes = values.reduce((sum, value) => sum + Buffer.from(value, 'base64').length, 0);
  if (bytes > LARGEST) return invalid(`data: Too long: may not be more than ${LARGEST} bytes`);
  if (old === undefined) return undefined;
  if (old['type'] !== next['type']) return invalid('type: Invalid value: field is immutable');
  if (old['immutable'] !== true) return undefined;
  if (next['immutable'] !== true)
    return invalid('immutable: Forbidden: field is immutable when `immutable` is set');
  if (JSON.stringify(old['data']) !== JSON.stringify(data))
    return invalid('data: Forbidden: field is immutable when `immutable` is set');
  return undefined;
}
