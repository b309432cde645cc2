import { WORDS } from './words.ts';

/** Below this, a value could be found by trying; services that hold it only hashed need it most. */
export const LEAST_BITS = 128;

type Strength =
  | { readonly format: 'hex' | 'base64url' | 'bytes'; readonly bits: number }
  | { readonly format: 'words'; readonly count: number }
  | { readonly format: 'charset'; readonly charset: string; readonly length: number };

/** Bits of randomness of a value made with these options. */
export function textBits(options: Strength): number {
  switch (options.format) {
    case 'words':
      return options.count * Math.log2(WORDS.length);
    case 'charset':
      return options.length * Math.log2(new Set(options.charset).size);
    default:
      return options.bits;
  }
}
