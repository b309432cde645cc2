import { randomBytes } from 'node:crypto';
import { refOf } from '../seed.ts';
import { type Arm, type ArmSettings, timed } from './arm.ts';

/** One request; gives the body of the answer. */
export type Send = (method: 'GET' | 'POST', path: string, body: string | undefined) => Promise<string>;

/** What a client needs to be compared: opened before the clock starts. */
export type OpenClient = (
  settings: ArmSettings,
) => Promise<{ send: Send; close: () => Promise<void> | void }>;

export const HEADERS = {
  'X-Vault-Request': 'true',
  'Content-Type': 'application/json',
  'X-Vault-Token': 'bench',
};

interface Answer {
  readonly data: { readonly data: Record<string, unknown>; readonly metadata: { readonly version: number } };
}

/**
 * The least a script can do: read, write with check-and-set, read back and compare, so many at once. No journal, no
 * retry, no limit of time, no way back.
 */
export function bareLoop(open: OpenClient): Arm {
  return async (settings) => {
    const { send, close } = await open(settings);
    const value = randomBytes(32).toString('base64url');
    const one = async (ref: string): Promise<void> => {
      const path = `/v1/secret/data/${ref.slice('secret/'.length)}`;
      const { data, metadata } = (JSON.parse(await send('GET', path, undefined)) as Answer).data;
      const body = JSON.stringify({ data: { ...data, api_key: value }, options: { cas: metadata.version } });
      await send('POST', path, body);
      const after = (JSON.parse(await send('GET', path, undefined)) as Answer).data;
      if (after.data['api_key'] !== value) throw new Error(`${ref} holds another value`);
    };
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < settings.targets) {
        next += 1;
        await one(refOf(settings.round, next));
      }
    };
    const result = await timed(async () => {
      await Promise.all(Array.from({ length: settings.concurrency }, worker));
    });
    await close();
    return result;
  };
}
