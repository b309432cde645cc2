import { defineReload } from '../../core/plugins/plugin.ts';

export const plugin = defineReload({
  id: 'systemd',
  title: 'systemd unit',
  summary: 'Restarts or reloads systemd units of this machine, and looks until they are active and stay so.',
  options: async () => (await import('./options.ts')).optionsSchema,
  open: async () => (await import('./systemd-reload.ts')).openSystemdReload,
  emulator: async () => (await import('./emulator.ts')).startSystemdEmulator,
});
