import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { json, problem } from './emulated-answers.ts';

export interface EmulatedVariable {
  readonly key: string;
  value: string;
  enabled: boolean;
  type: 'default' | 'secret';
  description?: string;
  /** Filled from the Postman Vault. */
  secret?: boolean;
  source?: JsonObject;
}

export interface EmulatedEnvironment {
  name: string;
  isPublic: boolean;
  values: EmulatedVariable[];
  /** Writes so far: what `updatedAt` is made of, so that each write shows. */
  writes: number;
}

/** Gives the refusal, or has changed the environment: all operations, or none. */
export function patch(environment: EmulatedEnvironment, body: string): EmulatedAnswer | undefined {
  const operations = JSON.parse(body) as { op: string; path: string; value: unknown }[];
  if (new Set(operations.map(({ op }) => op)).size !== 1)
    return problem(400, 'Only one type of operation is allowed at a time');
  const changes: [EmulatedVariable, string][] = [];
  for (const { op, path, value } of operations) {
    const index = /^\/values\/(\d+)\/value$/.exec(path)?.[1];
    if (op !== 'replace' || index === undefined) return problem(400, 'Invalid path in JSON Patch operation');
    const variable = environment.values[Number(index)];
    if (variable === undefined)
      return problem(400, 'Cannot perform the operation at a path that does not exist');
    if (typeof value !== 'string') return problem(400, `${path}: must be a string`);
    changes.push([variable, value]);
  }
  for (const [variable, value] of changes) variable.value = value;
  environment.writes += 1;
  return undefined;
}

export function shown(id: string, { name, isPublic, values, writes }: EmulatedEnvironment): EmulatedAnswer {
  const updatedAt = new Date(Date.parse('2025-01-01T00:00:00Z') + writes * 1000).toISOString();
  return json(200, {
    environment: {
      id,
      name,
      owner: '12345678',
      createdAt: '2025-01-01T00:00:00.000Z',
      updatedAt,
      values: values.map((variable) => ({ ...variable })),
      isPublic,
    },
  });
}

/** What a careless client damages. */
export function neighbours(): EmulatedVariable[] {
  return [
    { key: 'baseUrl', value: 'https://api.example.com/?a=1&b={{region}}', enabled: true, type: 'default' },
    { key: 'region', value: '', enabled: false, type: 'default', description: 'Left empty on purpose.' },
    { key: 'otherKey', value: randomBytes(12).toString('hex'), enabled: true, type: 'secret' },
  ];
}
