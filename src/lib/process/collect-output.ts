import type { ChildProcess } from 'node:child_process';

export interface CollectedOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Past this, output is cut: a runaway program must not fill the memory. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * What stands in the text for bytes that are not UTF-8. A value with it in is another one than the program has; that
 * the program itself printed this very character cannot be told from it, and is not worth the risk.
 */
const REPLACED = '\uFFFD';

export function isUtf8(output: string): boolean {
  return !output.includes(REPLACED);
}

/** Gathers both streams as they come; the function gives what has come so far. */
export function collectOutput(child: ChildProcess): () => CollectedOutput {
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return () => ({
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated() || stderr.truncated(),
  });
}

function collect(stream: NodeJS.ReadableStream | null): { text(): string; truncated(): boolean } {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  stream?.on('data', (chunk: Buffer) => {
    const room = chunk.subarray(0, MAX_OUTPUT_BYTES - kept);
    if (room.length > 0) chunks.push(room);
    kept += room.length;
    truncated ||= room.length < chunk.length;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => truncated };
}
