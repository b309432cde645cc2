// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { StorePlugin } from '../core/plugins/plugin.ts';

export const stores: Readonly<Record<string, () => Promise<StorePlugin>>> = {
  'aws-secrets-manager': () => import('../stores/aws-secrets-manager/index.ts').then((module) => module.plugin),
  'cyberark-conjur': () => import('../stores/cyberark-conjur/index.ts').then((module) => module.plugin),
  'dotenv': () => import('../stores/dotenv/index.ts').then((module) => module.plugin),
  'hashicorp-vault': () => import('../stores/hashicorp-vault/index.ts').then((module) => module.plugin),
};
