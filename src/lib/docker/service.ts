import type { JsonObject } from '../../core/json.ts';

/** A service of a swarm, as `GET /services/ID` gives it. */
export interface Service {
  readonly id: string;
  readonly name: string;
  /** Goes up with every change, those of the swarm's own included. */
  readonly index: number;
  readonly spec: ServiceSpec;
  readonly update: UpdateStatus | undefined;
}

/** What is not named here is carried along as it is. */
export interface ServiceSpec extends JsonObject {
  readonly Name?: string;
  readonly Labels?: JsonObject;
  readonly TaskTemplate?: TaskTemplate;
  readonly Mode?: JsonObject;
}

export interface TaskTemplate extends JsonObject {
  readonly ContainerSpec?: ContainerSpec;
  readonly ForceUpdate?: number;
}

interface ContainerSpec extends JsonObject {
  readonly Secrets?: readonly SecretMount[];
}

/** A secret in the containers of a service: `File` is where they find it. */
export interface SecretMount extends JsonObject {
  readonly File?: JsonObject;
  readonly SecretID?: string;
  readonly SecretName?: string;
}

export interface UpdateStatus {
  readonly State?: string;
  readonly Message?: string;
}

/** Undefined when it is no service. */
export function serviceIn(told: unknown): Service | undefined {
  const { ID, Version, Spec, UpdateStatus } = (told ?? {}) as {
    ID?: unknown;
    Version?: { Index?: unknown };
    Spec?: ServiceSpec | null;
    UpdateStatus?: UpdateStatus;
  };
  const index = Version?.Index;
  if (typeof ID !== 'string' || typeof index !== 'number' || typeof Spec?.Name !== 'string') return undefined;
  return { id: ID, name: Spec.Name, index, spec: Spec, update: UpdateStatus };
}

/** The secrets its containers have. */
export function mountsOf({ spec }: Pick<Service, 'spec'>): readonly SecretMount[] {
  const mounts = spec.TaskTemplate?.ContainerSpec?.Secrets;
  return Array.isArray(mounts) ? mounts : [];
}

/** It runs to its end and not for ever: each change of it runs it once more. */
export function isJob({ spec }: Pick<Service, 'spec'>): boolean {
  return spec.Mode?.['ReplicatedJob'] !== undefined || spec.Mode?.['GlobalJob'] !== undefined;
}
