import { type JsonApi, type JsonRecord, openJsonApi } from '../http/json-api.ts';
import type { GitlabConnection } from './connection-schema.ts';
import { gitlabError } from './gitlab-error.ts';

export type GitlabObject = JsonRecord;

/** GitLab's API v4 as one user. */
export type GitlabClient = JsonApi;

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export function openGitlab(
  connection: GitlabConnection,
  open: Parameters<typeof openJsonApi>[1],
): Promise<GitlabClient> {
  return openJsonApi(connection, open, {
    base: '/api/v4',
    // Bearer takes OAuth tokens as well as personal, project and group access tokens.
    headers: (token) => ({ authorization: `Bearer ${token.reveal()}` }),
    errorOf: gitlabError,
  });
}
