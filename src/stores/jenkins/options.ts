import { z } from 'zod';
import { jenkinsConnectionShape, refuseUnsafeAddress } from '../../lib/jenkins/connection-schema.ts';

export const optionsSchema = z.strictObject(jenkinsConnectionShape).superRefine(refuseUnsafeAddress);

export type JenkinsOptions = z.infer<typeof optionsSchema>;
