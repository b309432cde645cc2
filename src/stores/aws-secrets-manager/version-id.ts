import { createHash } from 'node:crypto';
import type { Version } from '../../core/plugins/store.ts';

/**
 * The id of the version a push makes: the same for every attempt of the same push on the same base, so that a retry
 * finds its own earlier work, and another one when the base is another, since then the text beside the slot may be too
 * (AWS refuses a known id with another text). A UUID of version 8, as RFC 9562 keeps for such ids.
 */
export function versionIdOf(idempotencyToken: string, base: Version): Version {
  const hash = createHash('sha256').update(`keyturn\0${idempotencyToken}\0${base}`, 'utf8').digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
