import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';

/** A secret as `GET /secrets` gives it: everything but its value. */
export interface SwarmSecret {
  readonly id: string;
  readonly name: string;
  readonly labels: Fields<string>;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Name of the driver that has the value, where it is not the swarm itself. */
  readonly driver: string | undefined;
  readonly templating: JsonObject | undefined;
}

/** Undefined when it is no secret. */
export function swarmSecret(told: unknown): SwarmSecret | undefined {
  const { ID, CreatedAt, Spec } = (told ?? {}) as {
    ID?: unknown;
    CreatedAt?: unknown;
    Spec?: {
      Name?: unknown;
      Labels?: Fields<string> | null;
      Driver?: { Name?: string } | null;
      Templating?: JsonObject | null;
    };
  };
  if (typeof ID !== 'string' || typeof Spec?.Name !== 'string') return undefined;
  return {
    id: ID,
    name: Spec.Name,
    labels: Spec.Labels ?? {},
    createdAt: typeof CreatedAt === 'string' ? CreatedAt : '',
    driver: Spec.Driver?.Name,
    templating: Spec.Templating ?? undefined,
  };
}
