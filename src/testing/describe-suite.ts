import { describe, it } from 'vitest';

/** What a probe has found out, or why it could not. */
export type Probed<Traits> = Traits | { readonly failure: unknown };

/**
 * Registers the cases of one plug-in under its id. A plug-in that cannot be started is one failed case, and takes no
 * other's tests away.
 */
export function describeSuite<Traits extends object>(
  id: string,
  probed: Probed<Traits>,
  cases: (traits: Traits) => void,
): void {
  describe(id, () => {
    if ('failure' in probed) {
      it('loads, its emulator starts, and it opens on it', () => {
        throw probed.failure;
      });
      return;
    }
    cases(probed);
  });
}

/** Never throws. */
export async function probing<Traits extends object>(look: () => Promise<Traits>): Promise<Probed<Traits>> {
  try {
    return await look();
  } catch (failure) {
    return { failure };
  }
}
