import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BreakableDisk, breakableDisk } from './breakable-disk.ts';

/** A folder of files that somebody else changes, on a disk that can break. */
export interface EmulatedFolder {
  readonly root: string;
  /** What a store has to be opened on, for the folder to be able to break. */
  readonly wire: BreakableDisk;
  has(ref: string): boolean;
  load(ref: string): string;
  /** Puts a file there, as its owner would: no effect of ours. */
  place(ref: string, text: string): void;
  mode(ref: string): number;
  /** Every file there is, sorted. */
  files(): readonly string[];
  /** Files that are not what they were when they were placed, each time they were looked at. */
  effects(): number;
  stop(): Promise<void>;
}

export function makeEmulatedFolder(name: string): EmulatedFolder {
  const root = mkdtempSync(join(tmpdir(), `keyturn-${name}-`));
  /** Path → what the file was when it was last looked at; undefined once it is gone. */
  const known = new Map<string, string | undefined>();
  let changes = 0;
  const pathOf = (ref: string): string => join(root, ref);

  /** Each file that is not what it was counts as one effect. */
  const look = (): void => {
    for (const path of [...new Set([...filesBelow(root), ...known.keys()])]) {
      const now = fileState(path);
      if (known.get(path) === now) continue;
      changes += 1;
      known.set(path, now);
    }
  };

  return {
    root,
    wire: breakableDisk(),
    has: (ref) => existsSync(pathOf(ref)),
    load: (ref) => readFileSync(pathOf(ref), 'utf8'),
    place: (ref, text) => {
      look();
      mkdirSync(dirname(pathOf(ref)), { recursive: true });
      writeFileSync(pathOf(ref), text, { mode: 0o640 });
      known.set(pathOf(ref), fileState(pathOf(ref)));
    },
    mode: (ref) => statSync(pathOf(ref)).mode,
    files: () => filesBelow(root).sort(),
    effects: () => {
      look();
      return changes;
    },
    stop: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** `/etc/x` and `../x` land below the folder as well. */
export function refInside(ref: string): string {
  return join('/', ref).slice(1);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fileState(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const stats = statSync(path, { bigint: true });
  return `${stats.ino} ${stats.size} ${stats.ctimeNs}`;
}
