import { readFile, readlink } from 'node:fs/promises';

/**
 * When a process began, in the kernel's own count, so that a pid used again is not taken for the old process.
 * Empty where the system does not tell (no /proc).
 */
export async function processStart(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Field 22; the name in field 2 may hold spaces and parentheses.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Names the processes among which a pid means one: those of this boot of this machine, and of this container. A host
 * name does not: containers may have that of their host, and machines are cloned. Empty where the system does not tell.
 */
export async function processTable(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

export async function isRunning(pid: number, started: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = await processStart(pid);
  return now === '' || started === '' || now === started;
}
