import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'github-workflow',
  title: 'GitHub Actions workflow',
  summary:
    'Starts a workflow on GitHub Actions, a deployment for example, and waits until its run has succeeded.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./github-workflow-reload.ts')).openGithubWorkflowReload,
  emulator: async () => (await import('./emulator.ts')).startGithubWorkflowEmulator,
});
