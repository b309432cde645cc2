import { z } from 'zod';
import { commandShape } from '../../lib/process/command-schema.ts';

export const optionsSchema = z.strictObject(commandShape);

export type CommandReloadOptions = z.infer<typeof optionsSchema>;
