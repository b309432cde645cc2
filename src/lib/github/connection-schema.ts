import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';
import { addressProblem, GITHUB } from './address.ts';

const tokenSchema = z.strictObject({
  method: z.literal('token').describe('A personal access token, or another token that is good for a while.'),
  token: referenceSchema.describe('Reference to the token.'),
});

const appSchema = z.strictObject({
  method: z
    .literal('app')
    .describe('A GitHub App: keyturn makes installation tokens of one hour for itself.'),
  appId: z
    .union([z.string().min(1), z.int().positive().transform(String)])
    .describe('Client ID (`Iv23…`) or App ID of the App.'),
  installationId: z
    .union([z.string().regex(/^\d+$/, { error: 'must be a number' }), z.int().positive().transform(String)])
    .describe('Number of its installation: the last part of the address of its settings page.'),
  privateKey: referenceSchema.describe('Reference to the private key of the App, in PEM.'),
});

/** `address` and `ca`, for whatever asks a GitHub. */
export const placeShape = {
  address: z
    .string()
    .superRefine((address, ctx) => {
      const message = addressProblem(address);
      if (message !== undefined) ctx.addIssue({ code: 'custom', message });
    })
    .default(GITHUB)
    .describe('URL of an Enterprise Server or of a tenant on ghe.com, in place of github.com.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
};

/** The same, with a credential of our own. */
export const connectionShape = {
  ...placeShape,
  auth: z.discriminatedUnion('method', [tokenSchema, appSchema]).describe('How keyturn authenticates.'),
};

const connectionSchema = z.strictObject(connectionShape);
export type GithubConnection = z.infer<typeof connectionSchema>;
export type GithubAuth = GithubConnection['auth'];
