import type { ErrorCode } from './errors/codes.ts';

/** Something preflight saw. An `error` refuses the rotation; all findings are shown at once. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: ErrorCode;
  /** Where: `vault-prod/secret/apps/ci#api_key`, `issuer aws-iam`, `service checkout`. */
  readonly subject: string;
  readonly message: string;
  readonly hint?: string;
}
