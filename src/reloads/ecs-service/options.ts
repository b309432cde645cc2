import { z } from 'zod';
import {
  awsConnectionShape,
  ONE_SOURCE,
  oneSourceOfCredentials,
  regionSchema,
} from '../../lib/aws/connection-options.ts';
import { attemptsShape } from '../../lib/http-probe/probe-schema.ts';

const { attempts, interval } = attemptsShape({ attempts: 90, interval: '10s' });

export const optionsSchema = z
  .strictObject({
    cluster: z.string().min(1).default('default').describe('Name or ARN of the cluster.'),
    service: z.string().min(1).describe('Name or ARN of the service.'),
    region: regionSchema
      .optional()
      .describe('The region of the cluster. Left out: AWS_REGION, or the region of the profile.'),
    attempts: attempts.describe(
      'Looks at the deployment, the first included; with `interval`, the limit for it to be done.',
    ),
    interval: interval.describe('Pause between two looks: 5s, 10s, 1m.'),
    ...awsConnectionShape,
  })
  .refine(oneSourceOfCredentials, ONE_SOURCE);

export type EcsServiceOptions = z.infer<typeof optionsSchema>;
