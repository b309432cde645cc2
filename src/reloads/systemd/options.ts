import { z } from 'zod';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

/** What a unit may be called: never anything that systemctl could take for an option or a pattern. */
const unitSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_.@\\-]*$/, {
  error: 'must be the name of a unit such as checkout.service',
});

export const optionsSchema = z.strictObject({
  units: z
    .array(unitSchema)
    .min(1)
    .describe('Names of the units: `checkout.service`. All are restarted in one go, then looked at.'),
  action: z
    .enum(['restart', 'reload', 'reload-or-restart', 'try-restart'])
    .default('restart')
    .describe(
      'What is asked of systemd. A `reload` runs the unit’s ExecReload: only for services that read their key anew there.',
    ),
  user: z.boolean().default(false).describe('Units of the user keyturn runs as (`systemctl --user`).'),
  sudo: z
    .boolean()
    .default(false)
    .describe(
      'Run it with `sudo -n`, which never asks for a password: sudoers must allow this very command.',
    ),
  program: z
    .string()
    .min(1)
    .default('systemctl')
    .describe('The systemctl to run: a path, or a name that PATH finds.'),
  confirmations: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Looks in a row that have to find all units active: one that crashes at once is not up.'),
  interval: intervalSchema('1s'),
});

export type SystemdOptions = z.infer<typeof optionsSchema>;
