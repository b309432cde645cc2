import { type JsonApi, openJsonApi } from '../http/json-api.ts';
import { circleciError } from './circleci-error.ts';
import type { CircleciConnection } from './connection-schema.ts';

/** CircleCI's API v2 as one user. */
export type CircleciClient = JsonApi;

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export function openCircleci(
  connection: CircleciConnection,
  open: Parameters<typeof openJsonApi>[1],
): Promise<CircleciClient> {
  return openJsonApi(connection, open, {
    base: '/api/v2',
    headers: (token) => ({ 'circle-token': token.reveal() }),
    errorOf: circleciError,
  });
}
