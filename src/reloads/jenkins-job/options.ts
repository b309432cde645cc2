import { z } from 'zod';
import { jenkinsConnectionShape, refuseUnsafeAddress } from '../../lib/jenkins/connection-schema.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

const parameter = z.union([z.string(), z.number(), z.boolean()]);

export const optionsSchema = z
  .strictObject({
    ...jenkinsConnectionShape,
    job: z
      .string()
      .regex(/^[^/]+(\/[^/]+)*$/, { error: 'must be the full name of a job such as team/app/deploy' })
      .describe('Full name of the job, folders included (`team/app/deploy`). May hold `{{service}}`.'),
    parameters: z
      .record(z.string().min(1), parameter)
      .optional()
      .describe(
        'Parameters of the build; texts may hold `{{service}}`. Left out: the job has none. `{}`: all at their defaults.',
      ),
    interval: intervalSchema('5s'),
  })
  .superRefine(refuseUnsafeAddress);

export type JenkinsJobOptions = z.infer<typeof optionsSchema>;
