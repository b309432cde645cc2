import { randomBytes } from 'node:crypto';
import type { SecretMount, ServiceSpec } from '../service.ts';

export interface EmulatedSecret {
  readonly id: string;
  readonly index: number;
  readonly createdAt: string;
  readonly spec: {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Templating?: object;
  };
  readonly data: Buffer;
}

/** What becomes of an update of a service. */
export type Fate = 'completed' | 'paused' | 'rollback_completed';

export interface EmulatedService {
  readonly id: string;
  index: number;
  spec: ServiceSpec;
  previous: ServiceSpec | undefined;
  update: { State: string; Message: string } | undefined;
  /** Looks at it since the update began; it goes on with each, so that nobody has to sleep. */
  looks: number;
  fate: Fate;
}

/** What is in an emulated swarm. */
export interface EmulatedSwarm {
  readonly secrets: Map<string, EmulatedSecret>;
  readonly services: Map<string, EmulatedService>;
  /** Of updates from now on. */
  fate: Fate;
  looksUntilUp: number;
  makeSecret(
    name: string,
    data: Buffer,
    labels?: Readonly<Record<string, string>>,
    templating?: object,
  ): EmulatedSecret;
  secretNamed(name: string): EmulatedSecret | undefined;
  makeService(
    name: string,
    mounts: readonly SecretMount[],
    labels?: Readonly<Record<string, string>>,
  ): EmulatedService;
  serviceNamed(name: string): EmulatedService | undefined;
  /** Begins an update; the version of what it was based on has been compared. */
  update(service: EmulatedService, spec: ServiceSpec): void;
  /** The swarm goes on with its updates. */
  look(service: EmulatedService): void;
}

export function createEmulatedSwarm(): EmulatedSwarm {
  // Of raft: one count for everything in the swarm.
  let index = 10;
  const swarm: EmulatedSwarm = {
    secrets: new Map(),
    services: new Map(),
    fate: 'completed',
    looksUntilUp: 2,
    makeSecret: (name, data, labels = {}, templating = undefined) => {
      index += 1;
      const id = newId();
      const createdAt = new Date(Date.parse('2025-01-01T00:00:00Z') + index).toISOString();
      const spec = {
        Name: name,
        Labels: labels,
        ...(templating === undefined ? {} : { Templating: templating }),
      };
      const secret = { id, index, createdAt, spec, data };
      swarm.secrets.set(id, secret);
      return secret;
    },
    secretNamed: (name) => [...swarm.secrets.values()].find(({ spec }) => spec.Name === name),
    makeService: (name, mounts, labels = {}) => {
      index += 1;
      const service: EmulatedService = {
        id: newId(),
        index,
        spec: specOf(name, mounts, labels),
        previous: undefined,
        update: undefined,
        looks: Number.POSITIVE_INFINITY,
        fate: 'completed',
      };
      swarm.services.set(service.id, service);
      return service;
    },
    serviceNamed: (name) => [...swarm.services.values()].find(({ spec }) => spec.Name === name),
    update: (service, spec) => {
      index += 1;
      Object.assign(service, {
        index,
        previous: service.spec,
        spec,
        update: undefined,
        looks: 0,
        fate: swarm.fate,
      });
    },
    look: (service) => {
      if (!Number.isFinite(service.looks)) return;
      service.looks += 1;
      const over = service.looks >= swarm.looksUntilUp;
      service.update = over
        ? { State: service.fate, Message: MESSAGES[service.fate] }
        : { State: 'updating', Message: 'update in progress' };
      if (over) service.looks = Number.POSITIVE_INFINITY;
      if (over && service.fate === 'rollback_completed' && service.previous !== undefined)
        service.spec = service.previous;
      index += 1;
      service.index = index;
    },
  };
  return swarm;
}

const MESSAGES: Readonly<Record<Fate, string>> = {
  completed: 'update completed',
  paused: 'update paused due to failure or early termination of task k7f3',
  rollback_completed: 'rollback completed',
};

function specOf(
  name: string,
  mounts: readonly SecretMount[],
  labels: Readonly<Record<string, string>>,
): ServiceSpec {
  return {
    Name: name,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: `registry.example.com/${name}:1.4@sha256:${randomBytes(32).toString('hex')}`,
        Env: ['TZ=UTC'],
        Secrets: mounts,
        Isolation: 'default',
      },
      Resources: { Limits: { MemoryBytes: 268_435_456 } },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: 2 } },
    UpdateConfig: { Parallelism: 1, Delay: 10_000_000_000, FailureAction: 'rollback', Order: 'start-first' },
    EndpointSpec: { Mode: 'vip' },
  };
}

function newId(): string {
  return randomBytes(15).toString('hex').slice(0, 25);
}
