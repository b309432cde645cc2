import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'circleci-pipeline',
  title: 'CircleCI pipeline',
  summary: 'Triggers a pipeline on CircleCI and waits until all of its workflows have succeeded.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./circleci-pipeline-reload.ts')).openCircleciPipelineReload,
  emulator: async () => (await import('./emulator.ts')).startCircleciPipelineEmulator,
});
