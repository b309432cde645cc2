import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../.servers/node-versions');

export interface NodeVersion {
  readonly name: string;
  /** Path of its binary. */
  readonly node: string;
}

/** Installs the other releases on first use; none where their packages have no binary (not Linux on x64). */
export function installNodeVersions(): readonly NodeVersion[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const versions = knownVersions();
  if (versions.every(({ node }) => existsSync(node))) return versions;
  mkdirSync(FOLDER, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(import.meta.dirname, 'lock', file), join(FOLDER, file));
  }
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'pipe' });
  return versions;
}

/** Those that are installed already. */
export function installedNodeVersions(): readonly NodeVersion[] {
  return knownVersions().filter(({ node }) => existsSync(node));
}

function knownVersions(): NodeVersion[] {
  return ['22', '24'].map((major) => ({
    name: `Node ${major}`,
    node: join(FOLDER, `node_modules/node-${major}/bin/node`),
  }));
}
