// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { IssuerPlugin } from '../core/plugins/plugin.ts';

export const issuers: Readonly<Record<string, () => Promise<IssuerPlugin>>> = {
  'aws-iam': () => import('../issuers/aws-iam/index.ts').then((module) => module.plugin),
  'command': () => import('../issuers/command/index.ts').then((module) => module.plugin),
  'generated': () => import('../issuers/generated/index.ts').then((module) => module.plugin),
  'http': () => import('../issuers/http/index.ts').then((module) => module.plugin),
  'postman': () => import('../issuers/postman/index.ts').then((module) => module.plugin),
};
