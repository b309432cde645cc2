import { z } from 'zod';
import {
  attemptsShape,
  bodySchema,
  expectationSchema,
  methodSchema,
  requestShape,
} from '../../lib/http-probe/probe-schema.ts';
import { requestProblems, templateProblem } from '../../lib/http-probe/request-problems.ts';

export const optionsSchema = z
  .strictObject({
    method: methodSchema('GET').describe('Method of the request.'),
    ...requestShape,
    basicAuth: z
      .strictObject({
        username: z.string().describe('User name; may hold placeholders (`{{username}}`).'),
        password: z.string().describe('Placeholder of the part that is the password (`{{password}}`).'),
      })
      .optional()
      .describe('HTTP basic authentication with parts of the key.'),
    body: bodySchema,
    expect: expectationSchema.prefault({}).describe('What a working service answers.'),
    retries: z
      .strictObject(attemptsShape({ attempts: 5, interval: '2s' }))
      .prefault({ attempts: 1 })
      .describe('Patience with a service that needs time after a reload. Left out: one attempt.'),
  })
  .superRefine((options, ctx) => {
    for (const { path, message } of requestProblems(options)) {
      ctx.addIssue({ code: 'custom', path: [...path], message });
    }
    for (const name of ['equals', 'bodyContains'] as const) {
      const text = options.expect[name];
      const message = typeof text === 'string' ? templateProblem(text) : undefined;
      if (message !== undefined) ctx.addIssue({ code: 'custom', path: ['expect', name], message });
    }
  });

export type HttpCheckOptions = z.infer<typeof optionsSchema>;
