import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The forms in which a value turns up where it should not: written here anew, and not taken from the redactor. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].flatMap((offset) => {
    // Within other bytes its encoding is shifted; only the groups that are wholly its own count.
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = shifted.slice(offset === 0 ? 0 : 4, Math.floor((offset + bytes.length) / 3) * 4);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  return [...new Set([value, encodeURIComponent(value), ...base64, hex, hex.toUpperCase()])];
}

/** Which of the named values is in the text, and how. Never gives the value. */
export function canariesIn(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries).flatMap(([name, value]) => {
    const found = formsOf(value).findIndex((form) => text.includes(form));
    return found < 0 ? [] : [`${name} (form ${found})`];
  });
}

/** Every file below a folder, but those for which `leave` holds. */
export async function filesBelow(folder: string, leave: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !leave(path));
}

export async function readBytes(path: string): Promise<string> {
  return (await readFile(path)).toString('latin1');
}
