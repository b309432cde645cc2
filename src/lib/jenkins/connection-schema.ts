import { z } from 'zod';
import { type IssueSink, refusePlainHttp } from '../http-probe/refuse-plain-http.ts';
import { referenceSchema } from '../reference-schema.ts';

/** A colon would end the user name in basic authentication. */
const userSchema = z.string().regex(/^[^:\s]([^:]*[^:\s])?$/, { error: 'must be a Jenkins user id' });

const apiTokenSchema = z.strictObject({
  method: z.literal('api-token').describe('A user with an API token of theirs: what Jenkins recommends.'),
  user: userSchema.describe('Id of the user.'),
  token: referenceSchema.describe('Reference to the API token.'),
});

const passwordSchema = z.strictObject({
  method: z
    .literal('password')
    .describe('A user with their password; keyturn asks for the crumb that Jenkins wants beside it.'),
  user: userSchema.describe('Id of the user.'),
  password: referenceSchema.describe('Reference to the password.'),
});

/** What every plug-in that talks to Jenkins takes; spread into its own strict schema, then `superRefine(refuseUnsafeAddress)`. */
export const jenkinsConnectionShape = {
  address: z
    .string()
    .describe('Root URL of Jenkins, with its context path if it has one (`https://ci.example.com/jenkins`).'),
  auth: z
    .discriminatedUnion('method', [apiTokenSchema, passwordSchema])
    .describe('How keyturn authenticates.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
  allowInsecure: z
    .boolean()
    .default(false)
    .describe('Accept plain http to another machine. Token and secrets can then be read on the way.'),
} as const;

const connectionSchema = z.strictObject(jenkinsConnectionShape);

export type JenkinsConnection = z.infer<typeof connectionSchema>;

export function refuseUnsafeAddress(
  connection: Pick<JenkinsConnection, 'address' | 'allowInsecure'>,
  ctx: IssueSink,
): void {
  refusePlainHttp(connection, ctx);
  if (connection.address.includes('?'))
    ctx.addIssue({ code: 'custom', path: ['address'], message: 'must not have a query' });
}
