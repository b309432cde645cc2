import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';

export interface Faults {
  /** Undefined after a fault; any other error is thrown. */
  attempt<T>(work: () => Promise<T>): Promise<T | undefined>;
  /** All of them as one; undefined when there was none. */
  fault(): RotationError | undefined;
}

/** Mistakes of a config that show only when its parts are opened: a variable that is not set, a file that is not there. */
export function collectFaults(): Faults {
  const faults: RotationError[] = [];
  return {
    attempt: async (work) => {
      try {
        return await work();
      } catch (error) {
        if (!isRotationError(error, 'CONFIG_INVALID')) throw error;
        faults.push(error);
        return undefined;
      }
    },
    fault: () => {
      // Two parts that want the same variable say the same.
      const [only, ...others] = new Map(faults.map((each) => [each.message, each])).values();
      if (only === undefined || others.length === 0) return only;
      const all = [only, ...others];
      return new RotationError('CONFIG_INVALID', {
        subject: `what ${all.length} parts of the config need`,
        reason: all.map(({ message }) => message).join('; '),
        hint: [...new Set(all.map(({ hint }) => hint))].join(' '),
      });
    },
  };
}
