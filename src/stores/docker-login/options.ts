import { z } from 'zod';

export const optionsSchema = z.strictObject({
  config: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the config.json, relative to the config of keyturn. Left out: that of the docker CLI (`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`).',
    ),
});

export type DockerLoginOptions = z.infer<typeof optionsSchema>;
