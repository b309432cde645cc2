import { randomBytes } from 'node:crypto';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import type { EmulatedSecret, EmulatedService } from '../../lib/docker/emulator/emulated-swarm.ts';
import { type RunningEngine, startEmulatedEngine } from '../../lib/docker/emulator/start-emulated-engine.ts';
import { mountsOf, type SecretMount } from '../../lib/docker/service.ts';
import { isGeneration } from './generation.ts';

/** An engine on this machine, and the hands of its users. */
export interface DockerEmulator extends StoreEmulator {
  readonly engine: RunningEngine;
}

export async function startDockerEmulator(): Promise<DockerEmulator> {
  const engine = await startEmulatedEngine();
  const { swarm } = engine;
  /** Secrets that somebody else has made for a slot. */
  const strangers = new Map<string, string>();

  const mounted = (ref: string): readonly EmulatedSecret[] =>
    [...swarm.services.values()]
      .flatMap((service) => mountsOf(service).filter(({ File }) => targetOf(File) === ref))
      .flatMap(({ SecretID }) => swarm.secrets.get(SecretID ?? '') ?? []);

  return {
    engine,
    options: (original = {}) => engine.connection(original),
    resolve: () => undefined,
    inject: (fault) => engine.server.inject(fault),
    effects: () => engine.effects(),
    stop: engine.server.stop,
    sampleSlot: (name) => ({ ref: `${name}_key`, fields: [WHOLE] }),
    seed: async (slot, values) => {
      const { ref } = slot;
      const secret = swarm.makeSecret(ref, Buffer.from(values[WHOLE] ?? '', 'utf8'), { team: 'checkout' });
      const beside = swarm.makeSecret(`${ref}_beside`, randomBytes(12));
      swarm.makeService(`${ref}-web`, [mount(secret, ref), mount(beside, 'beside')]);
      swarm.makeService(`${ref}-other`, [mount(beside, 'beside')]);
      return { ...slot, fields: [WHOLE] };
    },
    peek: async ({ ref }) => {
      const values = new Set(mounted(ref).map(({ data }) => data.toString('utf8')));
      // Half a switch is no value.
      return values.size === 0 ? undefined : { [WHOLE]: [...values].join(' and ') };
    },
    neighbours: async ({ ref }) =>
      JSON.stringify([
        [...swarm.secrets.values()].filter(
          (secret) => !isOf(secret, ref) && strangers.get(secret.id) !== ref,
        ),
        [...swarm.services.values()].map((service) => without(service, ref)),
      ]),
    overwrite: async ({ ref }, values) => {
      const value = Buffer.from(values[WHOLE] ?? '', 'utf8');
      const theirs = swarm.makeSecret(`by-hand-${randomBytes(4).toString('hex')}`, value);
      strangers.set(theirs.id, ref);
      for (const service of swarm.services.values()) {
        const { TaskTemplate = {} } = service.spec;
        const Secrets = mountsOf(service).map((each) =>
          targetOf(each.File) === ref ? mount(theirs, ref) : each,
        );
        swarm.update(service, {
          ...service.spec,
          TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Secrets } },
        });
      }
    },
  };
}

function mount({ id, spec }: EmulatedSecret, target: string): SecretMount {
  return { File: { Name: target, UID: '0', GID: '0', Mode: 292 }, SecretID: id, SecretName: spec.Name };
}

function targetOf(file: unknown): unknown {
  return (file as { Name?: unknown } | undefined)?.Name;
}

function isOf({ id, spec, createdAt }: EmulatedSecret, ref: string): boolean {
  const secret = {
    id,
    name: spec.Name,
    labels: spec.Labels,
    createdAt,
    driver: undefined,
    templating: undefined,
  };
  return isGeneration(secret, ref);
}

/** A service without the slot's own secret, and without what every update moves. */
function without({ id, spec }: EmulatedService, ref: string): object {
  const { TaskTemplate = {} } = spec;
  const Secrets = mountsOf({ spec }).map((each) =>
    targetOf(each.File) === ref ? { File: each.File } : each,
  );
  return {
    id,
    spec: {
      ...spec,
      TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Secrets } },
    },
  };
}
