// Written by scripts/gen-catalog.ts from the folder names; do not edit.
import type { ReloadPlugin } from '../core/plugins/plugin.ts';

export const reloads: Readonly<Record<string, () => Promise<ReloadPlugin>>> = {
  'circleci-pipeline': () => import('../reloads/circleci-pipeline/index.ts').then((module) => module.plugin),
  'command': () => import('../reloads/command/index.ts').then((module) => module.plugin),
  'docker-service': () => import('../reloads/docker-service/index.ts').then((module) => module.plugin),
  'ecs-service': () => import('../reloads/ecs-service/index.ts').then((module) => module.plugin),
  'github-workflow': () => import('../reloads/github-workflow/index.ts').then((module) => module.plugin),
  'gitlab-pipeline': () => import('../reloads/gitlab-pipeline/index.ts').then((module) => module.plugin),
  'http': () => import('../reloads/http/index.ts').then((module) => module.plugin),
  'jenkins-job': () => import('../reloads/jenkins-job/index.ts').then((module) => module.plugin),
  'kubernetes-rollout': () => import('../reloads/kubernetes-rollout/index.ts').then((module) => module.plugin),
  'systemd': () => import('../reloads/systemd/index.ts').then((module) => module.plugin),
};
