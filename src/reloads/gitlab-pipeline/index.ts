import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'gitlab-pipeline',
  title: 'GitLab pipeline',
  summary:
    'Runs a pipeline in GitLab (one that deploys or restarts the service), or a manual job of it, and waits until it succeeded.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./gitlab-pipeline-reload.ts')).openGitlabPipelineReload,
  emulator: async () => (await import('./emulator.ts')).startGitlabPipelineEmulator,
});
