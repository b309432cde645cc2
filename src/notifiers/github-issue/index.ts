import { defineNotifier } from '../../core/plugins/plugin.ts';

export const plugin = defineNotifier({
  id: 'github-issue',
  title: 'GitHub issue',
  summary: 'Comments on an issue of a GitHub repository: the record of an incident.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./github-issue-notifier.ts')).openGithubIssueNotifier,
  emulator: async () => (await import('./emulator.ts')).startGithubIssueEmulator,
});
