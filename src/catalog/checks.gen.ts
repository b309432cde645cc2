// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { CheckPlugin } from '../core/plugins/plugin.ts';

export const checks: Readonly<Record<string, () => Promise<CheckPlugin>>> = {
  'command': () => import('../checks/command/index.ts').then((module) => module.plugin),
  'http': () => import('../checks/http/index.ts').then((module) => module.plugin),
};
