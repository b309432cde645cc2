import type { IssuerCapabilities } from './issuer.ts';

/**
 * What an issuer that is described in the config can do at best: what is not configured is not there, and the plan
 * says so. Its options name the parts of its keys.
 */
export const DECLARED_CAPABILITIES: IssuerCapabilities = {
  create: 'api',
  deactivate: 'api',
  reversible: true,
  delete: true,
  identify: true,
  usage: true,
  maxKeys: undefined,
  parts: [],
};
