import { destinationOf } from './destination.ts';

export interface IssueSink {
  addIssue(issue: { code: 'custom'; path: string[]; message: string }): void;
}

/**
 * For the schema of a connection: what is secret travels in its requests, so over TLS, or on this machine, or where the
 * config says that it is known.
 */
export function refusePlainHttp(
  { address, allowInsecure }: { readonly address: string; readonly allowInsecure: boolean },
  ctx: IssueSink,
): void {
  const { problem } = destinationOf(address, allowInsecure);
  if (problem !== undefined) ctx.addIssue({ code: 'custom', path: ['address'], message: problem });
}
