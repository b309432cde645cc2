import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'jenkins-job',
  title: 'Jenkins job',
  summary:
    'Builds a job in Jenkins (one that deploys or restarts the service), and waits until it succeeded.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./jenkins-job-reload.ts')).openJenkinsJobReload,
  emulator: async () => (await import('./emulator.ts')).startJenkinsJobEmulator,
});
