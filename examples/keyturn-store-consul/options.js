// @ts-check
import { defineOptions } from 'keyturn/plugin';

export const loadOptions = defineOptions((z, { address, reference }) =>
  z.strictObject({
    address: address.describe('URL of an agent or a server: https://consul.example.com:8501.'),
    token: reference
      .optional()
      .describe('ACL token to read and write with. Without one, what the agent allows to everybody.'),
    datacenter: z
      .string()
      .min(1)
      .optional()
      .describe('Datacenter of the keys; that of the agent by default.'),
    namespace: z.string().min(1).optional().describe('Namespace of the keys (Consul Enterprise).'),
    partition: z.string().min(1).optional().describe('Admin partition of the keys (Consul Enterprise).'),
    ca: reference.optional().describe('Reference to the PEM of a private certificate authority.'),
  }),
);

/** @typedef {import('keyturn/plugin').OptionsOf<typeof loadOptions>} ConsulOptions */
