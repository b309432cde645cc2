import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import { startDotenvEmulator } from '../../src/stores/dotenv/emulator.ts';

let emulator: StoreEmulator;
let root: string;
beforeEach(async () => {
  emulator = await startDotenvEmulator();
  root = String(emulator.options()['root']);
});
afterEach(() => emulator.stop());

it('keeps every file below its folder, wherever the config points', async () => {
  for (const ref of ['/etc/shop.env', '../../shop.env', 'shop.env']) {
    const slot = await emulator.seed({ ref, fields: ['KEY'] }, { KEY: 'value' });
    expect(join(root, slot.ref).startsWith(`${root}/`)).toBe(true);
    expect(await emulator.peek(slot)).toEqual({ KEY: 'value' });
  }
});

it('writes an entry once, however often it is seeded, and beside those of other targets', async () => {
  const fields = ['A', 'B', 'C', 'D'];
  const slot = await emulator.seed({ ref: '.env', fields }, { A: '1', B: '2', C: '3', D: '4' });
  await emulator.seed({ ref: '.env', fields: ['A', 'E'] }, { A: '6', E: '5' });
  const keys = readFileSync(join(root, slot.ref), 'utf8').match(/^(export )?[A-E] ?=/gm);
  expect(keys).toEqual(['export A=', 'B =', 'C=', 'export D=', 'E =']);
  expect(await emulator.peek({ ref: '.env', fields: [...fields, 'E'] })).toEqual({
    A: '6',
    B: '2',
    C: '3',
    D: '4',
    E: '5',
  });
});

it('has a name for a slot without a field, as a file needs one', () => {
  expect(emulator.sampleSlot('shop', ['', 'B'])).toEqual({ ref: 'shop/.env', fields: ['API_KEY', 'B'] });
});

it('shows no values where there is no file, and counts its loss as one effect', async () => {
  const slot = await emulator.seed({ ref: '.env', fields: ['KEY'] }, { KEY: 'value' });
  expect(emulator.effects()).toBe(0);
  rmSync(join(root, slot.ref));
  expect([emulator.effects(), emulator.effects()]).toEqual([1, 1]);
  expect(await emulator.peek(slot)).toBeUndefined();
});
