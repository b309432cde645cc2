import { z } from 'zod';
import { referenceSchema } from '../../lib/reference-schema.ts';

/** What PostgreSQL keeps of a name; it cuts the rest off without an error. */
const LONGEST_NAME_BYTES = 63;

const nameSchema = z
  .string()
  .min(1)
  .refine((name) => !name.includes('\0') && Buffer.byteLength(name) <= LONGEST_NAME_BYTES, {
    error: `must be a name of at most ${LONGEST_NAME_BYTES} bytes`,
  });

const connectionShape = {
  host: z
    .string()
    .regex(/^\S+$/, { error: 'must be a host name, an address, or the folder of a socket' })
    .describe('Host of the primary server; a path that begins with `/` is the folder of its socket.'),
  port: z.int().min(1).max(65_535).default(5432).describe('Port of the server.'),
  database: nameSchema.describe('A database that keyturn and the rotated roles may connect to.'),
  admin: z
    .strictObject({
      username: nameSchema.describe('Role with CREATEROLE, and ADMIN OPTION on the rotated roles.'),
      password: referenceSchema.describe('Reference to its password.'),
    })
    .describe('Who changes the passwords.'),
  tls: z
    .enum(['verify', 'off'])
    .default('verify')
    .describe('`verify` the certificate of the server; `off` connects in the clear, and preflight says so.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
};

const alternateSchema = z.strictObject({
  strategy: z
    .literal('alternate')
    .describe('Two roles take turns: services move to the other one, and both work meanwhile.'),
  roles: z
    .tuple([nameSchema, nameSchema])
    .refine(([one, other]) => one !== other, { error: 'must be two different roles' })
    .describe('The two roles that services log in as. keyturn never makes or drops a role.'),
  owner: nameSchema.describe('The role both are members of: it owns the tables and holds the privileges.'),
  ...connectionShape,
});

const singleSchema = z.strictObject({
  strategy: z
    .literal('single')
    .describe('One role gets a new password. The old one is refused from that moment on: no overlap.'),
  role: nameSchema.describe('The role whose password is replaced.'),
  ...connectionShape,
});

export const optionsSchema = z.discriminatedUnion('strategy', [alternateSchema, singleSchema]);

export type PostgresOptions = z.infer<typeof optionsSchema>;
export type AlternateOptions = z.infer<typeof alternateSchema>;
export type SingleOptions = z.infer<typeof singleSchema>;
