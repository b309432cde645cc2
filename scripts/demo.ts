/** `npm run demo`: builds keyturn, then rotates a real key in real files under a real service, and rehearses the leak. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startShop } from './demo/shop.ts';
import { writeDemoConfig } from './demo/write-demo-config.ts';

const ROOT = join(import.meta.dirname, '..');
const KEYTURN = join(ROOT, 'bin/run.js');

function say(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`);
}

/** Runs keyturn as a user would. Not `spawnSync`: the service lives in this process and must answer meanwhile. */
async function keyturn(cwd: string, ...args: string[]): Promise<void> {
  console.log(`$ keyturn ${args.join(' ')}`);
  const child = spawn(process.execPath, [KEYTURN, ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, KEYTURN_HOME: join(cwd, '.keyturn-home') },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`keyturn ${args[0]} ended with exit code ${code}`);
}

async function main(): Promise<void> {
  say('Building keyturn');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });

  const folder = mkdtempSync(join(tmpdir(), 'keyturn-demo-'));
  const shop = await startShop(folder);
  try {
    writeDemoConfig(folder, shop.url);
    const before = readFileSync(join(folder, 'shop.env'), 'utf8');

    say('1. A real rotation: two .env files, and a service on this machine that signs with the key');
    await keyturn(folder, 'plan', 'webhook-signing');
    await keyturn(
      folder,
      'rotate',
      'webhook-signing',
      '--yes',
      '--no-prompt',
      '--deactivate',
      'now',
      '--progress',
      'plain',
    );
    await keyturn(folder, 'rotations');
    const after = readFileSync(join(folder, 'shop.env'), 'utf8');
    if (before === after) throw new Error('the file was not rotated');
    console.log(`The service took up the new key: reloaded ${shop.reloads()} time(s), and its check passes.`);
  } finally {
    await shop.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  say(
    '2. A leaked Postman key, rehearsed over .env, AWS Secrets Manager, Vault and Conjur, killed half-way on purpose',
  );
  await keyturn(
    ROOT,
    'rehearse',
    'postman-ci',
    '--progress',
    'plain',
    '--fault',
    'kill@push:vault-prod',
    '--fault',
    'lost-answer@push:aws-prod',
  );
}

await main();
