import type { OpenContext } from '../../src/core/plugins/contexts.ts';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { openIamIssuer } from '../../src/issuers/aws-iam/aws-iam-issuer.ts';
import { type IamEmulator, startIamEmulator } from '../../src/issuers/aws-iam/emulator.ts';
import { optionsSchema } from '../../src/issuers/aws-iam/options.ts';
import { systemClock } from '../../src/lib/clock.ts';

export interface Rig {
  readonly emulator: IamEmulator;
  readonly issuer: Issuer;
  readonly old: IssuedKey;
  readonly signal: AbortSignal;
  /** Another issuer on the same account: other options, or signing with a key of the user. */
  open(options: Record<string, unknown>, signWith?: IssuedKey): Promise<Issuer>;
  /** Answers of `identify`, asked `times` times in a row. */
  asked(key: IssuedKey, times: number): Promise<('live' | 'dead')[]>;
  close(): Promise<void>;
}

export async function openRig(): Promise<Rig> {
  const emulator = await startIamEmulator();
  const old = await emulator.issue();
  const opened: Issuer[] = [];
  const open = async (options: Record<string, unknown>, signWith?: IssuedKey): Promise<Issuer> => {
    const parsed = optionsSchema.parse({ ...emulator.options(), ...options });
    const issuer = await openIamIssuer(parsed, contextFor(emulator, signWith));
    opened.push(issuer);
    return issuer;
  };
  const issuer = await open({});
  const { signal } = new AbortController();
  return {
    emulator,
    issuer,
    old,
    signal,
    open,
    asked: async (key, times) => {
      const answers: ('live' | 'dead')[] = [];
      while (answers.length < times) {
        const live = issuer.identify?.(key.credential, { signal }).then(
          () => 'live' as const,
          () => 'dead' as const,
        );
        answers.push((await live) ?? 'dead');
      }
      return answers;
    },
    close: async () => {
      for (const each of opened) await each.close?.();
      await emulator.stop();
    },
  };
}

function contextFor(emulator: IamEmulator, signWith: IssuedKey | undefined): OpenContext {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const resolve = async (reference: string): Promise<Secret> => {
    const part = reference.includes('SECRET') ? 'secretAccessKey' : 'accessKeyId';
    return signWith?.credential[part] ?? new Secret(emulator.resolve(reference) ?? 'unknown reference');
  };
  return {
    name: 'checkout-key',
    baseDir: '/',
    clock: systemClock,
    timeoutMs: 20_000,
    resolve,
    operator: { provideCredential: nobody, confirmDone: nobody },
  };
}
