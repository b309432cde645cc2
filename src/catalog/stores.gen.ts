// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { StorePlugin } from '../core/plugins/plugin.ts';

export const stores: Readonly<Record<string, () => Promise<StorePlugin>>> = {
  'aws-secrets-manager': () => import('../stores/aws-secrets-manager/index.ts').then((module) => module.plugin),
  'aws-ssm': () => import('../stores/aws-ssm/index.ts').then((module) => module.plugin),
  'azure-key-vault': () => import('../stores/azure-key-vault/index.ts').then((module) => module.plugin),
  'bitbucket-pipelines': () => import('../stores/bitbucket-pipelines/index.ts').then((module) => module.plugin),
  'circleci': () => import('../stores/circleci/index.ts').then((module) => module.plugin),
  'command': () => import('../stores/command/index.ts').then((module) => module.plugin),
  'cyberark-conjur': () => import('../stores/cyberark-conjur/index.ts').then((module) => module.plugin),
  'docker': () => import('../stores/docker/index.ts').then((module) => module.plugin),
  'docker-login': () => import('../stores/docker-login/index.ts').then((module) => module.plugin),
  'dotenv': () => import('../stores/dotenv/index.ts').then((module) => module.plugin),
  'file': () => import('../stores/file/index.ts').then((module) => module.plugin),
  'gcp-secret-manager': () => import('../stores/gcp-secret-manager/index.ts').then((module) => module.plugin),
  'github-actions': () => import('../stores/github-actions/index.ts').then((module) => module.plugin),
  'gitlab-ci': () => import('../stores/gitlab-ci/index.ts').then((module) => module.plugin),
  'hashicorp-vault': () => import('../stores/hashicorp-vault/index.ts').then((module) => module.plugin),
  'http': () => import('../stores/http/index.ts').then((module) => module.plugin),
  'jenkins': () => import('../stores/jenkins/index.ts').then((module) => module.plugin),
  'kubernetes': () => import('../stores/kubernetes/index.ts').then((module) => module.plugin),
  'postman-environment': () => import('../stores/postman-environment/index.ts').then((module) => module.plugin),
  'travis-ci': () => import('../stores/travis-ci/index.ts').then((module) => module.plugin),
};
