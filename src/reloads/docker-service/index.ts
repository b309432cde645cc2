import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'docker-service',
  title: 'Docker swarm service',
  summary: 'Replaces the tasks of swarm services by a forced update, and waits until the new ones run.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./docker-service-reload.ts')).openDockerServiceReload,
  emulator: async () => (await import('./emulator.ts')).startDockerServiceEmulator,
});
