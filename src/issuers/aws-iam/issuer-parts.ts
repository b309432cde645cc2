import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { CallerIdentity } from '../../lib/aws/caller-identity.ts';
import type { AwsClientConfig } from '../../lib/aws/client-config.ts';
import type { IamApi } from './iam-api.ts';
import type { IamOptions } from './options.ts';

/** What an open issuer is made of. */
export interface IssuerParts {
  readonly api: IamApi;
  readonly options: IamOptions;
  readonly ctx: OpenContext;
  readonly stsConfig: AwsClientConfig;
  /** Who keyturn acts as. */
  readonly self: (signal: AbortSignal) => Promise<CallerIdentity>;
  /** The user whose keys are meant. */
  readonly userName: (signal: AbortSignal) => Promise<string>;
  readonly signingKeyId: (signal: AbortSignal) => Promise<string>;
}
