import { z } from 'zod';
import { connectionShape } from '../../lib/gitlab/connection-schema.ts';
import { FULL_PATH } from '../../lib/gitlab/full-path.ts';
import { templateProblem } from '../../lib/http-probe/request-problems.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

const template = z.string().superRefine((text, ctx) => {
  const message = templateProblem(text);
  if (message !== undefined) ctx.addIssue({ code: 'custom', message });
});

export const optionsSchema = z.strictObject({
  ...connectionShape,
  project: z
    .string()
    .regex(FULL_PATH, { error: 'must be the full path of a project such as acme/shop, or its number' })
    .describe('The project whose pipeline runs: its full path (`acme/shop`), or its number.'),
  ref: z.string().min(1).default('main').describe('Branch or tag whose pipeline runs.'),
  variables: z
    .record(z.string().regex(/^[A-Za-z0-9_]{1,255}$/), template)
    .default({})
    .describe('Variables of the pipeline; values may hold `{{service}}`. Never a secret: GitLab shows them.'),
  inputs: z
    .record(z.string().min(1), z.union([template, z.number(), z.boolean()]))
    .default({})
    .describe('Inputs of the pipeline (`spec: inputs`); texts may hold `{{service}}`. Never a secret.'),
  job: template
    .min(1)
    .optional()
    .describe(
      'Name of a job of the pipeline. A manual one is started; it has to succeed, whatever the others do. May hold `{{service}}`.',
    ),
  interval: intervalSchema('10s'),
});

export type GitlabPipelineOptions = z.infer<typeof optionsSchema>;
