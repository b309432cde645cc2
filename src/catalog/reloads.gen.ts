// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { ReloadPlugin } from '../core/plugins/plugin.ts';

export const reloads: Readonly<Record<string, () => Promise<ReloadPlugin>>> = {
  'command': () => import('../reloads/command/index.ts').then((module) => module.plugin),
  'http': () => import('../reloads/http/index.ts').then((module) => module.plugin),
};
