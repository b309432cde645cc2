import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'ecs-service',
  title: 'Amazon ECS service',
  summary:
    'Starts the tasks of an ECS service anew, which read their secrets at the start, and waits until only those are left.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./ecs-service-reload.ts')).openEcsServiceReload,
  emulator: async () => (await import('./emulator.ts')).startEcsServiceEmulator,
});
