import { z } from 'zod';
import { addressSchema } from '../address-schema.ts';

/** Where the Postman API is: the key travels in a header of each request. Spread into a strict schema. */
export const postmanAddressShape = {
  region: z
    .enum(['us', 'eu'])
    .default('us')
    .describe('Where the team’s data is: `eu` for Enterprise teams with EU residency.'),
  baseUrl: addressSchema.optional().describe('Address of the Postman API, in place of the one of `region`.'),
} as const;

const postmanAddress = z.strictObject(postmanAddressShape);
type PostmanAddress = z.infer<typeof postmanAddress>;

export const BASE_URLS = {
  us: 'https://api.getpostman.com',
  eu: 'https://api.eu.postman.com',
} as const satisfies Record<PostmanAddress['region'], string>;
