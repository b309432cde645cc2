// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { NotifierPlugin } from '../core/plugins/plugin.ts';

export const notifiers: Readonly<Record<string, () => Promise<NotifierPlugin>>> = {
  'email': () => import('../notifiers/email/index.ts').then((module) => module.plugin),
  'github-issue': () => import('../notifiers/github-issue/index.ts').then((module) => module.plugin),
  'slack': () => import('../notifiers/slack/index.ts').then((module) => module.plugin),
  'webhook': () => import('../notifiers/webhook/index.ts').then((module) => module.plugin),
};
