// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { IssuerPlugin } from '../core/plugins/plugin.ts';

export const issuers: Readonly<Record<string, () => Promise<IssuerPlugin>>> = {
  'aws-iam': () => import('../issuers/aws-iam/index.ts').then((module) => module.plugin),
  'command': () => import('../issuers/command/index.ts').then((module) => module.plugin),
  'conjur-api-key': () => import('../issuers/conjur-api-key/index.ts').then((module) => module.plugin),
  'generated': () => import('../issuers/generated/index.ts').then((module) => module.plugin),
  'gitguardian-token': () => import('../issuers/gitguardian-token/index.ts').then((module) => module.plugin),
  'github': () => import('../issuers/github/index.ts').then((module) => module.plugin),
  'gitlab-token': () => import('../issuers/gitlab-token/index.ts').then((module) => module.plugin),
  'http': () => import('../issuers/http/index.ts').then((module) => module.plugin),
  'postgres-role': () => import('../issuers/postgres-role/index.ts').then((module) => module.plugin),
  'postman': () => import('../issuers/postman/index.ts').then((module) => module.plugin),
  'stripe': () => import('../issuers/stripe/index.ts').then((module) => module.plugin),
  'vault-approle': () => import('../issuers/vault-approle/index.ts').then((module) => module.plugin),
};
