import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';
import { addressProblem } from './appliance-url.ts';

export const conjurAddressSchema = z.string().superRefine((address, ctx) => {
  const message = addressProblem(address);
  if (message !== undefined) ctx.addIssue({ code: 'custom', message });
});

const apiKeySchema = z.strictObject({
  method: z.literal('api-key').describe('A user or host that authenticates with its API key.'),
  login: z.string().min(1).describe('`alice` for a user, `host/apps/rotator` for a host.'),
  apiKey: referenceSchema.describe('Reference to the API key of that user or host.'),
});

const jwtSchema = z.strictObject({
  method: z.literal('jwt').describe('A JSON Web Token from a CI system, a cluster or an identity provider.'),
  serviceId: z.string().min(1).describe('Name of the authn-jwt service in Conjur (`gitlab`, `k8s-prod`).'),
  token: referenceSchema.describe('Reference to the token; read once a process.'),
  host: z
    .string()
    .min(1)
    .optional()
    .describe('Host to act as, where the service does not take it from a claim (`host/apps/rotator`).'),
});

const authSchema = z
  .discriminatedUnion('method', [apiKeySchema, jwtSchema])
  .describe('How keyturn authenticates.');

/** What store and issuer have in common: where Conjur is, and who keyturn is there. */
export const conjurConnectionShape = {
  address: conjurAddressSchema.describe('URL of the leader or SaaS tenant. SaaS tenants get `/api` added.'),
  account: z.string().min(1).describe('The organization account (`CONJUR_ACCOUNT`); `conjur` on SaaS.'),
  auth: authSchema,
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
};

export type ConjurAuth = z.infer<typeof authSchema>;
