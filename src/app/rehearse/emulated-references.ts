import type { PluginUse } from '../../config/rotation-config.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { Secret } from '../../core/secret.ts';

/** What every emulator has, whatever it emulates. */
export interface AnyEmulator {
  options(original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
  stop(): Promise<void>;
}

export interface EmulatedReferences {
  /** The options that lead a configured plug-in to its emulator, their references made unique. */
  lead(emulator: AnyEmulator, use: PluginUse): JsonObject;
  resolve(reference: string): Promise<Secret>;
}

/**
 * Two emulators may use the same name for different credentials (two AWS services, say): each reference gets a name
 * of its own, and leads to the emulator that gave it. No real reference is ever resolved.
 */
export function createReferences(): EmulatedReferences {
  const values = new Map<string, string>();

  const own = (value: unknown, emulator: AnyEmulator): unknown => {
    if (typeof value === 'string') {
      const plain = emulator.resolve(value);
      if (plain === undefined) return value;
      const name = `env:EMULATED_${values.size + 1}`;
      values.set(name, plain);
      return name;
    }
    if (Array.isArray(value)) return value.map((item) => own(item, emulator));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, own(inner, emulator)]));
  };

  return {
    lead: (emulator, use) => {
      // What the user has said is kept where it still makes sense; who has said nothing gets the emulator's own.
      const said = Object.keys(use.options).length > 0;
      return own(said ? emulator.options(use.options) : emulator.options(), emulator) as JsonObject;
    },
    resolve: async (reference) => {
      const value = values.get(reference);
      if (value !== undefined) return new Secret(value);
      throw new RotationError('CONFIG_INVALID', {
        subject: `reference ${reference}`,
        reason: 'a rehearsal resolves no real reference',
      });
    },
  };
}
