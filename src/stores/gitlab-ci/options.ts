import { z } from 'zod';
import { connectionShape } from '../../lib/gitlab/connection-schema.ts';
import { ENVIRONMENT } from './place.ts';

export const optionsSchema = z.strictObject({
  ...connectionShape,
  environmentScope: z
    .string()
    .regex(ENVIRONMENT, { error: 'must be an environment scope such as production, review/* or *' })
    .default('*')
    .describe('Environment scope of the variables whose `ref` names none.'),
});

export type GitlabCiOptions = z.infer<typeof optionsSchema>;
