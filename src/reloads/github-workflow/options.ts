import { z } from 'zod';
import { connectionShape } from '../../lib/github/connection-schema.ts';
import { templateProblem } from '../../lib/http-probe/request-problems.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';
import { placeholdersIn } from '../../lib/template.ts';

/** GitHub takes no more. */
const MOST_INPUTS = 25;

const inputSchema = z.string().superRefine((template, ctx) => {
  const message = templateProblem(template) ?? unknownIn(template);
  if (message !== undefined) ctx.addIssue({ code: 'custom', message });
});

function unknownIn(template: string): string | undefined {
  const unknown = placeholdersIn(template, 'the input').find((name) => name !== 'service');
  return unknown === undefined
    ? undefined
    : `{{${unknown}}} is not known; {{service}} is the only placeholder`;
}

export const optionsSchema = z.strictObject({
  ...connectionShape,
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, { error: 'must be owner/repo' })
    .describe('The repository that has the workflow: `owner/repo`.'),
  workflow: z
    .union([
      z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._ -]+$/, {
        error: 'must be a file name such as deploy.yml, or a number',
      }),
      z.int().positive().transform(String),
    ])
    .describe(
      'File name of the workflow (`deploy.yml`), or its number. It needs the trigger `workflow_dispatch`.',
    ),
  branch: z.string().min(1).default('main').describe('Branch or tag whose version of the workflow runs.'),
  inputs: z
    .record(z.string().min(1), inputSchema)
    .refine((inputs) => Object.keys(inputs).length <= MOST_INPUTS, {
      error: `has at most ${MOST_INPUTS} entries`,
    })
    .default({})
    .describe('Inputs of the workflow; values may hold `{{service}}`. Never a secret: everybody sees them.'),
  interval: intervalSchema('10s'),
});

export type GithubWorkflowOptions = z.infer<typeof optionsSchema>;
