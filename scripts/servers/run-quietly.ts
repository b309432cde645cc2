import { spawn } from 'node:child_process';
import type { SystemUser } from './child-server.ts';

/** Runs a command to its end. @throws Error with the last lines it wrote, when it fails or is not there */
export async function runQuietly(
  command: string,
  args: readonly string[],
  as: SystemUser = {},
): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...as });
  let written = '';
  const keep = (chunk: Buffer): void => {
    written = (written + chunk.toString('utf8')).slice(-2000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const last = written.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${last}`);
}
