import { z } from 'zod';

/** The key travels in a header of the first request, so plain HTTP stays on this machine. */
const baseUrlSchema = z.url().refine(
  (url) => {
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname));
  },
  { error: 'must begin with https:// (http:// only for this machine)' },
);

export const optionsSchema = z.strictObject({
  region: z
    .enum(['us', 'eu'])
    .default('us')
    .describe('Where the team’s data is: `eu` for Enterprise teams with EU residency.'),
  baseUrl: baseUrlSchema.optional().describe('Address of the Postman API, in place of the one of `region`.'),
});

export type PostmanOptions = z.infer<typeof optionsSchema>;

export const BASE_URLS = {
  us: 'https://api.getpostman.com',
  eu: 'https://api.eu.postman.com',
} as const satisfies Record<PostmanOptions['region'], string>;
