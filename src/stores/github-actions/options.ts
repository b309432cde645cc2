import { z } from 'zod';
import { connectionShape } from '../../lib/github/connection-schema.ts';

export const optionsSchema = z.strictObject(connectionShape);

export type GithubActionsOptions = z.infer<typeof optionsSchema>;
