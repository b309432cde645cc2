/** Runs every scripts/gen-*.ts there is; `--check` goes to each, and fails when any file is out of date. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

for (const script of globSync('gen-*.ts', { cwd: import.meta.dirname }).sort()) {
  const argv = ['--import', 'tsx', join(import.meta.dirname, script), ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
