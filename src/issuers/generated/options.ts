import { z } from 'zod';
import { LEAST_BITS, textBits } from './strength.ts';

const prefix = z
  .string()
  .regex(/^[\x21-\x7e]*$/, { error: 'must be printable ASCII without spaces' })
  .default('')
  .describe('Fixed text in front, so that people and scanners know what it is (`whsec_`). Adds no strength.');

const bits = z
  .int()
  .multipleOf(8)
  .max(4096)
  .default(256)
  .describe(`Bits of randomness, a multiple of 8; at least ${LEAST_BITS}.`);

/** A format that names its own strength below the floor is refused when the config is read. */
const strongEnough = (options: Parameters<typeof textBits>[0]): boolean => textBits(options) >= LEAST_BITS;
const tooWeak = {
  error: `is too weak: fewer than ${LEAST_BITS} bits of randomness could be guessed; ask for more`,
};

const bytesSchema = z.strictObject({
  format: z
    .enum(['hex', 'base64url', 'bytes'])
    .describe('`hex` digits, `base64url` without padding, or `bytes` in standard base64.'),
  bits,
  prefix,
});

const wordsSchema = z.strictObject({
  format: z.literal('words').describe('Short English words, 8 bits each, to be read aloud or typed.'),
  count: z.int().positive().max(128).default(16).describe('Number of words; 16 make 128 bits.'),
  separator: z.enum(['-', '.', '_', '+']).default('-').describe('What stands between the words.'),
  prefix,
});

const charsetSchema = z.strictObject({
  format: z.literal('charset').describe('Characters drawn from a set, for services that restrict them.'),
  charset: z
    .string()
    .regex(/^[\x21-\x7e]{2,}$/, { error: 'must be at least two printable ASCII characters without spaces' })
    .refine((set) => new Set(set).size === set.length, { error: 'must name each character once' })
    .describe('Each character that may occur, once.'),
  length: z.int().positive().max(4096).describe('Number of characters, the prefix not counted.'),
  prefix,
});

const keyPairSchemas = [
  z.strictObject({
    format: z
      .literal('ed25519')
      .describe('An Ed25519 key pair: `privateKey` (PKCS #8) and `publicKey` (SPKI), PEM.'),
  }),
  z.strictObject({
    format: z.literal('rsa').describe('An RSA key pair: `privateKey` (PKCS #8) and `publicKey` (SPKI), PEM.'),
    bits: z
      .union([z.literal(3072), z.literal(4096)])
      .default(3072)
      .describe('Length of the modulus. 2048 is refused: it is worth 112 bits.'),
  }),
] as const;

export const optionsSchema = z.discriminatedUnion('format', [
  bytesSchema.refine(strongEnough, tooWeak),
  wordsSchema.refine(strongEnough, tooWeak),
  charsetSchema.refine(strongEnough, tooWeak),
  ...keyPairSchemas,
]);

export type GeneratedOptions = z.infer<typeof optionsSchema>;
export type KeyPairOptions = Extract<GeneratedOptions, { format: 'ed25519' | 'rsa' }>;
export type TextOptions = Exclude<GeneratedOptions, KeyPairOptions>;
