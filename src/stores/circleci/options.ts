import { z } from 'zod';
import { connectionShape } from '../../lib/circleci/connection-schema.ts';

const ORGANIZATION =
  /^(?:(?:gh|github|bb|bitbucket|circleci)\/[A-Za-z0-9._-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

export const optionsSchema = z.strictObject({
  ...connectionShape,
  organization: z
    .string()
    .regex(ORGANIZATION, { error: 'must be a slug (gh/acme, circleci/UUID) or the UUID of an organization' })
    .optional()
    .describe('Owner of the contexts that a `ref` calls by name: its slug (`gh/acme`) or its UUID.'),
});

export type CircleciOptions = z.infer<typeof optionsSchema>;
