import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';
import { addressProblem } from './engine-address.ts';

const tlsSchema = z.strictObject({
  ca: referenceSchema
    .optional()
    .describe('Reference to the PEM of the authority of the engine (`file:ca.pem`).'),
  cert: referenceSchema.describe('Reference to the PEM of our certificate (`file:cert.pem`).'),
  key: referenceSchema.describe('Reference to the PEM of its key (`file:key.pem`).'),
});

/** What every plug-in that talks to an engine takes; spread into a strict schema, then `superRefine(refuseUnsafeEngine)`. */
export const dockerConnectionShape = {
  address: z
    .string()
    .default('unix:///var/run/docker.sock')
    .describe(
      'Engine of a swarm manager, as in `DOCKER_HOST`: `unix://PATH`, `npipe://PIPE`, or `tcp://HOST:2376` with `tls`.',
    ),
  tls: tlsSchema.optional().describe('Certificates for an engine that is reached over TCP.'),
} as const;

const connectionSchema = z.strictObject(dockerConnectionShape);

export type DockerConnection = z.infer<typeof connectionSchema>;

export function refuseUnsafeEngine(
  connection: DockerConnection,
  ctx: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const message = addressProblem(connection.address, connection.tls !== undefined);
  if (message !== undefined) ctx.addIssue({ code: 'custom', path: ['address'], message });
}
