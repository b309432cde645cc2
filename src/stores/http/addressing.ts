import { placeholdersIn } from '../../lib/template.ts';
import type { HttpStoreOptions } from './options-shape.ts';

type Requests = Pick<HttpStoreOptions, 'read' | 'write' | 'restore' | 'writeOnly'>;
type Request = Requests['read'] | Requests['write'] | NonNullable<Requests['restore']>;

/** How the requests name what they are about. */
export interface Addressing {
  /** A slot has fields with names; otherwise it is one value. */
  readonly named: boolean;
  /** A request for each field of a slot, or one for all of them. */
  readonly readsEach: boolean;
  readonly writesEach: boolean;
  /** The API is told which version a write is based on. */
  readonly tellsVersion: boolean;
}

export function addressingOf({ read, write, writeOnly }: Requests): Addressing {
  const readsEach = mentions(read, 'field');
  const named = writeOnly
    ? mentions(write, 'field') || mentions(write, 'values')
    : read.fields !== undefined || readsEach;
  return {
    named,
    readsEach,
    writesEach: mentions(write, 'value'),
    tellsVersion: mentions(write, 'version'),
  };
}

export function mentions(request: Request, name: string): boolean {
  return placeholdersOf(request).includes(name);
}

/** Of every template in a request. @throws RotationError CONFIG_INVALID when one is malformed */
export function placeholdersOf(request: Request): readonly string[] {
  const templates = [request.path, ...Object.values(request.headers ?? {}), ...textsIn(request.body)];
  return templates.flatMap((template) => placeholdersIn(template, 'the template'));
}

function textsIn(json: unknown): readonly string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : [];
}
