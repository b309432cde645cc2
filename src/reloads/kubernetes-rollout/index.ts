import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'kubernetes-rollout',
  title: 'Kubernetes rollout',
  summary:
    'Restarts Deployments, StatefulSets or DaemonSets as a rollout, and waits until the new pods are up.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./kubernetes-rollout-reload.ts')).openKubernetesRollout,
  emulator: async () => (await import('./emulator.ts')).startKubernetesRolloutEmulator,
});
