import { z } from 'zod';
import { connectionShape } from '../../lib/circleci/connection-schema.ts';
import { PROJECT_SLUG } from '../../lib/circleci/project-slug.ts';
import { templateProblem } from '../../lib/http-probe/request-problems.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

const textSchema = z.string().superRefine((template, ctx) => {
  const message = templateProblem(template);
  if (message !== undefined) ctx.addIssue({ code: 'custom', message });
});

export const optionsSchema = z
  .strictObject({
    ...connectionShape,
    project: z
      .string()
      .regex(PROJECT_SLUG, { error: 'must be a slug: gh/org/repo, bb/org/repo or circleci/UUID/UUID' })
      .describe('Slug of the project: `gh/org/repo`, `bb/org/repo`, `circleci/ORG-UUID/PROJECT-UUID`.'),
    branch: z
      .string()
      .min(1)
      .optional()
      .describe('Branch to run. Left out, with `tag` too: the default branch of the project.'),
    tag: z.string().min(1).optional().describe('Tag to run, in place of a branch.'),
    definition: z
      .uuid()
      .optional()
      .describe('UUID of the pipeline definition, for projects of the GitHub App and those with several.'),
    parameters: z
      .record(
        z.string().regex(/^[A-Za-z0-9_-]+$/, { error: 'is not a name of a parameter' }),
        z.union([textSchema, z.number(), z.boolean()]),
      )
      .default({})
      .describe('Pipeline parameters; texts may hold `{{service}}`. Never a secret: everybody sees them.'),
    interval: intervalSchema('10s'),
  })
  .refine(({ branch, tag }) => branch === undefined || tag === undefined, {
    error: 'give `branch` or `tag`, not both',
  });

export type CircleciPipelineOptions = z.infer<typeof optionsSchema>;
