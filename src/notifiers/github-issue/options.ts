import { z } from 'zod';
import { destinationOf } from '../../lib/http-probe/destination.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, { error: 'must be OWNER/REPOSITORY' })
    .describe('OWNER/REPOSITORY of the issue. Whoever can read it reads the notices.'),
  issue: z.number().int().positive().describe('Number of the issue.'),
  token: referenceSchema.describe('Reference to a token that may write issues there.'),
  address: z
    .string()
    .superRefine((url, ctx) => {
      const { problem } = destinationOf(url, 'never');
      if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem });
    })
    .default('https://api.github.com')
    .describe('The API; of GitHub Enterprise Server it ends in /api/v3.'),
});

export type GithubIssueOptions = z.infer<typeof optionsSchema>;
