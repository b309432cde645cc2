import { z } from 'zod';
import {
  bodySchema,
  expectationSchema,
  methodSchema,
  requestShape,
} from '../../lib/http-probe/probe-schema.ts';
import { type RequestProblem, requestProblems } from '../../lib/http-probe/request-problems.ts';
import { isJsonPath } from '../../lib/json-path.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

const waitForSchema = z
  .strictObject({
    ...requestShape,
    expect: expectationSchema.prefault({}).describe('What the new instance answers.'),
    differs: z
      .string()
      .refine(isJsonPath, { error: 'must be a dotted path such as data.keys[0].id' })
      .optional()
      .describe('Path whose value must differ from what it was before the reload: `startedAt`, `revision`.'),
    interval: intervalSchema('2s'),
  })
  .describe('How to see that the new instance is really up. Left out: the answer to the request is enough.');

export const optionsSchema = z
  .strictObject({
    method: methodSchema('POST').describe('Method of the request that makes the service reload.'),
    ...requestShape,
    body: bodySchema,
    expect: expectationSchema.prefault({}).describe('Answer that says the reload was accepted.'),
    waitFor: waitForSchema.optional(),
  })
  .superRefine((options, ctx) => {
    const wait = options.waitFor === undefined ? [] : requestProblems({ ...options.waitFor, method: 'GET' });
    const report = (problems: readonly RequestProblem[], at: readonly string[]): void => {
      for (const { path, message } of problems) {
        ctx.addIssue({ code: 'custom', path: [...at, ...path], message });
      }
    };
    report(requestProblems(options), []);
    report(wait, ['waitFor']);
  });

export type HttpReloadOptions = z.infer<typeof optionsSchema>;
export type WaitForOptions = z.infer<typeof waitForSchema>;
