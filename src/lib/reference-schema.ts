import { z } from 'zod';

/**
 * Where a credential of ours comes from: `env:NAME`, `file:PATH`, `exec:COMMAND ARG…`. A literal is refused, and
 * never repeated in the message.
 */
export const referenceSchema = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|(file|exec):\S([^\n\r]*\S)?)$/, {
    error: 'must be a reference (env:NAME, file:PATH or exec:COMMAND), never the secret itself',
  })
  .describe('A reference to a secret: env:NAME, file:PATH or exec:COMMAND. Literal secrets are refused.');
