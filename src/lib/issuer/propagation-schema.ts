import { z } from 'zod';

/** `propagation` of the issuers that are declared in the config. */
export const propagationSchema = z
  .strictObject({
    confirmations: z.int().min(1).max(20).default(1).describe('Equal answers in a row that are believed.'),
    intervalSeconds: z.number().min(0).max(60).default(2).describe('Seconds between two questions.'),
    deadlineSeconds: z.number().min(1).max(3600).default(60).describe('Seconds after which to give up.'),
  })
  .prefault({})
  .describe('How long a change takes to reach everybody.');
