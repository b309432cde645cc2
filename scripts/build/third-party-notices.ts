import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from './root.ts';

/** Name, version and licence text of every package whose code is in the bundle. */
export function thirdPartyNotices(metafile: Metafile): string {
  const folders = new Set<string>();
  for (const input of Object.keys(metafile.inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort().map(noticeOf).join('\n');
}

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

function noticeOf(folder: string): string {
  const path = join(ROOT, folder);
  const { name, version, license } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  ) as PackageFacts;
  const file = existsSync(path)
    ? readdirSync(path).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
    : undefined;
  const text =
    file === undefined
      ? 'The package carries no licence text.'
      : readFileSync(join(path, file), 'utf8').trim();
  return `${'-'.repeat(80)}\n${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
}
