export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** `arn:partition:service:region:account:resource`; undefined for anything else. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text);
  if (match === null) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** The name at the end of `user/some/path/name`; undefined when the ARN is not a user's. */
export function userNameOf(arn: string): string | undefined {
  const resource = parseArn(arn)?.resource;
  return resource?.startsWith('user/') ? resource.slice(resource.lastIndexOf('/') + 1) : undefined;
}

export function isRoot(arn: string): boolean {
  return parseArn(arn)?.resource === 'root';
}

/**
 * The identity whose policies apply to a caller: a session of a role is that role. The session does not tell the
 * role's path, so a role with one cannot be named from it.
 */
export function policySourceOf(arn: string): string {
  return arn.replace(/^arn:([^:]+):sts:[^:]*:([^:]*):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3');
}
