import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';

const mountOf = (standard: string) =>
  z
    .string()
    .regex(/^[^/\s]+(\/[^/\s]+)*$/, { error: 'must be a mount path without leading or trailing slash' })
    .default(standard)
    .describe(`Where the method is mounted, without \`auth/\`; \`${standard}\` by default.`);

const tokenSchema = z.strictObject({
  method: z.literal('token').describe('A token that somebody else made; keyturn never renews or revokes it.'),
  token: referenceSchema.describe('Reference to the token (`env:VAULT_TOKEN`, `file:~/.vault-token`).'),
});

const appRoleSchema = z.strictObject({
  method: z.literal('approle').describe('AppRole, for machines.'),
  mount: mountOf('approle'),
  roleId: referenceSchema.describe('Reference to the role id.'),
  secretId: referenceSchema.describe('Reference to the secret id.'),
});

const userpassSchema = z.strictObject({
  method: z.literal('userpass').describe('User name and password.'),
  mount: mountOf('userpass'),
  username: z.string().min(1).describe('User name.'),
  password: referenceSchema.describe('Reference to the password.'),
});

const kubernetesSchema = z.strictObject({
  method: z.literal('kubernetes').describe('The service account of the pod keyturn runs in.'),
  mount: mountOf('kubernetes'),
  role: z.string().min(1).describe('Role of the method that the service account is bound to.'),
  jwt: referenceSchema
    .default('file:/var/run/secrets/kubernetes.io/serviceaccount/token')
    .describe('Reference to the service account token; read again at each login.'),
});

const jwtSchema = z.strictObject({
  method: z.literal('jwt').describe('A JSON Web Token from a CI system or an identity provider.'),
  mount: mountOf('jwt'),
  role: z.string().min(1).optional().describe('Role of the method; its default role when left out.'),
  jwt: referenceSchema.describe('Reference to the token; resolved again at each login.'),
});

const authSchema = z
  .discriminatedUnion('method', [tokenSchema, appRoleSchema, userpassSchema, kubernetesSchema, jwtSchema])
  .describe('How keyturn authenticates. Tokens it logs in for are revoked when it is done.');

const serverSchema = z
  .url({
    protocol: /^https?$/,
    error: 'must be an http or https URL, such as https://vault.example.com:8200',
    abort: true,
  })
  .refine(isBare, { error: 'takes no user name, query or fragment' });

function isBare(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return `${username}${password}${search}${hash}` === '';
}

/** What store and issuer have in common: where the server is, and who keyturn is there; then `superRefine(refusePlainHttp)`. */
export const vaultConnectionShape = {
  address: serverSchema.describe('URL of the server, without `/v1` (`VAULT_ADDR`).'),
  namespace: z
    .string()
    .regex(/^[^\s]+$/, { error: 'must be a namespace path such as team-a/ci' })
    .optional()
    .describe('Namespace (`VAULT_NAMESPACE`), where the server has them.'),
  auth: authSchema,
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
  allowInsecure: z
    .boolean()
    .default(false)
    .describe('Accept plain http to another machine. Token and secrets can then be read on the way.'),
};

export type VaultAuth = z.infer<typeof authSchema>;
export type LoginMethod = Exclude<VaultAuth, { readonly method: 'token' }>;
