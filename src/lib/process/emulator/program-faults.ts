import { mkdirSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../../core/plugins/emulator.ts';

/** The wire of an emulator that is a program: what its runs meet. */
export interface ProgramFaults {
  readonly protocol: 'program';
  /** Resolves when the fault first strikes. */
  inject(fault: Fault): Promise<void>;
  /** Nobody is told any more. */
  stop(): void;
}

/**
 * What an emulated program imports from beside itself. A fault is a file; a run takes a turn of it with a file that can
 * be made but once, so that runs at the same time need no lock.
 */
const MODULE = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'faults');

const takesTurn = (name, times) => {
  for (let turn = 0; turn < times; turn += 1) {
    try {
      writeFileSync(join(folder, name + '.turn-' + turn), '', { flag: 'wx' });
      return true;
    } catch {
      // Somebody else's.
    }
  }
  return false;
};

/** What this run meets: undefined for nothing. */
export function takeFault(isWrite) {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json')).sort()) {
    const { on, times, ...fault } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (on !== 'any' && (on === 'write') !== isWrite) continue;
    if (takesTurn(name, times)) return { ...fault, struck: () => writeFileSync(join(folder, name + '.struck'), '') };
  }
  return undefined;
}

/** Before the work: \`refuse\` ends the program as it would end for a status, \`leave\` lets go of what it holds. */
export function strikeBefore(fault, { refuse, leave = () => {} }) {
  if (fault === undefined || fault.kind === 'lost-answer' || fault.kind === 'silence') return;
  fault.struck();
  if (fault.kind === 'status') refuse(fault.status);
  leave();
  if (fault.kind === 'cut') process.kill(process.pid, 'SIGKILL');
  process.stdout.write('<html><body>Sign in</body></html>');
  process.exit(0);
}

/** After the work, before its answer. */
export async function strikeAfter(fault, { leave = () => {} } = {}) {
  if (fault === undefined) return;
  leave();
  fault.struck();
  if (fault.kind === 'lost-answer') process.kill(process.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
}

/** How a program that is asked in JSON says what a server says with a status. */
export const exitCodeFor = (status) =>
  ({ 401: 10, 403: 13, 404: 11, 409: 14, 413: 12, 422: 15, 429: 75, 503: 75 })[status] ?? 1;
`;

/** Puts the module into the folder of a program, and faults in its way. */
export function writeProgramFaults(programFolder: string): ProgramFaults {
  const folder = join(programFolder, 'faults');
  mkdirSync(folder);
  writeFileSync(join(programFolder, 'faults.mjs'), MODULE);
  const watched: string[] = [];

  return {
    protocol: 'program',
    inject: (fault) => {
      if (fault.kind === 'redirect') return Promise.reject(new Error('a program has no redirect'));
      const file = join(folder, `${String(watched.length).padStart(6, '0')}.json`);
      const struck = `${file}.struck`;
      watched.push(struck);
      writeFileSync(file, JSON.stringify({ ...fault, times: fault.times ?? 1 }));
      return new Promise((resolve) => {
        // Files are all that we share with it.
        watchFile(struck, { interval: 20, persistent: false }, ({ nlink }) => {
          if (nlink === 0) return;
          unwatchFile(struck);
          resolve();
        });
      });
    },
    stop: () => {
      for (const file of watched) unwatchFile(file);
    },
  };
}
