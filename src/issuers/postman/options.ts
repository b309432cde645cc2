import { z } from 'zod';
import { BASE_URLS, postmanAddressShape } from '../../lib/postman/address-schema.ts';

export const optionsSchema = z.strictObject(postmanAddressShape);

export type PostmanOptions = z.infer<typeof optionsSchema>;

export { BASE_URLS };
