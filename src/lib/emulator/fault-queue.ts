import type { Fault } from '../../core/plugins/emulator.ts';

/** A fault whose turn has come. */
interface StrikingFault {
  readonly fault: Fault;
  /** To be called when what the fault lets through has been carried out. */
  readonly struck: () => void;
}

interface FaultQueue {
  /** Resolves when the fault first strikes (and what it lets through has been carried out). */
  inject(fault: Fault): Promise<void>;
  /** The fault that this request meets, once fewer. */
  take(write: boolean): StrikingFault | undefined;
}

/** What is to go wrong at the wire of an emulator, whatever that speaks: the first that fits strikes first. */
export function createFaultQueue(): FaultQueue {
  const faults: (StrikingFault & { left: number })[] = [];
  return {
    inject: (fault) =>
      new Promise((struck) => {
        faults.push({ fault, left: fault.times ?? 1, struck });
      }),
    take: (write) => {
      const index = faults.findIndex(({ fault }) => fault.on === 'any' || (fault.on === 'write') === write);
      const found = faults[index];
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) faults.splice(index, 1);
      return found;
    },
  };
}
