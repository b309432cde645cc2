import { describe, expect, test } from 'vitest';
import type { Site } from './support/site.ts';
import { CTRL_C, ENTER, type Terminal } from './support/terminal.ts';
import { useSites } from './support/use-sites.ts';

const { open } = useSites();

const START = 'Rotate shop-key now?';
const GATE = 'Deactivate the old key now?';

async function rotateToGate(site: Site, options?: Parameters<Site['terminal']>[1]): Promise<Terminal> {
  const terminal = site.terminal(['rotate', 'shop-key'], options);
  await terminal.waitFor(START);
  terminal.type(`y${ENTER}`);
  await terminal.waitFor(GATE);
  return terminal;
}

async function onlyRotation(site: Site): Promise<string> {
  const ids = await site.rotations();
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

describe('a rotation at a terminal', () => {
  test('shows the plan, then the evidence, keeps both keys on Enter, and is finished by approve', async () => {
    const site = await open();
    const terminal = site.terminal(['rotate', 'shop-key']);
    await terminal.waitFor(START);
    const plan = terminal.text();
    expect(plan).toContain('Plan for shop-key (replace), issuer generated');
    expect(plan).toContain('push env-files/shop.env#API_KEY');
    expect(plan).toContain('service shop: reload by http, checked by ping, owner team-shop');
    expect(plan).toContain('nothing to deactivate: prove that no readable store holds the old value');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(await site.rotations()).toEqual([]);

    terminal.type(`y${ENTER}`);
    await terminal.waitFor(GATE);
    const asked = terminal.text();
    expect(asked.indexOf('2 targets read back: each holds the new key')).toBeGreaterThan(0);
    expect(asked.indexOf('1 check of 1 pass with the new key')).toBeLessThan(asked.indexOf(GATE));
    expect(asked).toContain(`${GATE} (y/N)`);
    const [shop, courier] = await site.holds();
    expect(shop).not.toBe(site.oldKey);
    expect(courier).toBe(shop);
    expect(site.service.key()).toBe(shop);
    expect(site.service.reloads()).toBe(1);

    terminal.type(ENTER);
    expect(await terminal.exit).toBe(6);
    const id = await onlyRotation(site);
    expect(terminal.text()).toContain('Paused at the gate: the old key is still live until you approve');
    expect(terminal.text()).toContain(`keyturn approve ${id}`);
    expect(terminal.text()).toContain(`keyturn rollback ${id}`);

    const approve = site.terminal(['approve', id]);
    expect(await approve.exit).toBe(0);
    expect(approve.text()).toContain('✔ Prove the old key dead');
    expect(approve.text()).toContain('Done: shop-key is rotated and the old key is retired');
    expect(await site.holds()).toEqual([shop, shop]);
  });

  test('goes on to the end when the gate is answered with y', async () => {
    const site = await open();
    const terminal = await rotateToGate(site);
    terminal.type(`y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.text()).toContain('Done: shop-key is rotated');
    const again = site.terminal(['resume', await onlyRotation(site)]);
    expect(await again.exit).toBe(0);
    expect(again.text()).toContain('Done: shop-key is rotated');
  });

  test.each([
    ['Enter', ENTER],
    ['n', `n${ENTER}`],
    ['Ctrl-C', CTRL_C],
  ])('touches nothing when the start is answered with %s', async (_name, keys) => {
    const site = await open();
    const terminal = site.terminal(['rotate', 'shop-key']);
    await terminal.waitFor(START);
    terminal.type(keys);
    expect(await terminal.exit).toBe(130);
    expect(terminal.text()).toContain('Nothing was touched');
    expect(await site.rotations()).toEqual([]);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(site.service.reloads()).toBe(0);
    // The lock is free again: the next one begins.
    await (await rotateToGate(site)).type(CTRL_C);
  });

  test('tells every reason at once when preflight refuses', async () => {
    const site = await open();
    site.service.breakWithOtherKeys();
    await site.write('courier.env', 'export API_KEY="another-value" # shared\n');
    await site.write('shop.env', 'PORT=80\n');
    const terminal = site.terminal(['rotate', 'shop-key']);
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('x env-files/shop.env: it has no entry API_KEY');
    expect(terminal.text()).toContain('x service shop, check ping');
    expect(terminal.text()).toContain('Nothing was touched');
  });
});

describe('Ctrl-C', () => {
  test('at the gate leaves both keys live, with the resume command, and resume asks again', async () => {
    const site = await open();
    const terminal = await rotateToGate(site);
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    const id = await onlyRotation(site);
    expect(terminal.text()).toContain('Interrupted; everything so far is journalled');
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    expect(terminal.text()).toContain('old key   live');

    const resumed = site.terminal(['resume']);
    await resumed.waitFor(GATE);
    resumed.type(`y${ENTER}`);
    expect(await resumed.exit).toBe(0);
  });

  test('once, during a step, lets it finish and journals it', async () => {
    const site = await open();
    const held = site.service.hold();
    const terminal = site.terminal(['rotate', 'shop-key', '--yes']);
    await held.arrived;
    terminal.type(CTRL_C);
    await terminal.waitFor('Stopping after the step in hand; press Ctrl-C again to cancel it.');
    held.release();
    expect(await terminal.exit).toBe(130);
    const id = await onlyRotation(site);
    expect(await site.journal(id)).toContain('"type":"step.done","step":"check:shop/ping"');
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    expect(terminal.text()).toContain('1 of 2 hold the new key');
    const [shop, courier] = await site.holds();
    expect(shop).not.toBe(site.oldKey);
    expect(courier).toBe(site.oldKey);

    const resumed = site.terminal(['resume', id]);
    await resumed.waitFor(GATE);
    resumed.type(`y${ENTER}`);
    expect(await resumed.exit).toBe(0);
    expect(await site.holds()).toEqual([shop, shop]);
  });

  test('twice, during a step, cancels it, and resume runs it again', async () => {
    const site = await open();
    const held = site.service.hold();
    const terminal = site.terminal(['rotate', 'shop-key', '--yes']);
    await held.arrived;
    terminal.type(CTRL_C);
    await terminal.waitFor('Stopping after the step in hand');
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    held.release();
    const id = await onlyRotation(site);
    expect(await site.journal(id)).not.toContain('"type":"step.done","step":"check:shop/ping"');
    expect(terminal.text()).toContain(`keyturn resume ${id}`);

    const rollback = site.terminal(['rollback', id]);
    expect(await rollback.exit).toBe(4);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(site.service.key()).toBe(site.oldKey);
  });

  test('during a soak pauses, and the wait goes on without a process', async () => {
    const site = await open({ policy: { deactivate: 'after-soak', soak: '1h' } });
    const terminal = site.terminal(['rotate', 'shop-key', '--yes']);
    await terminal.waitFor('Waiting: soak until');
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    const id = await onlyRotation(site);
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    expect((await site.run(['resume', id])).stdout).toContain('Paused: soak lasts until');
  });

  test('SIGTERM at a question takes it off the screen and pauses in the same way', async () => {
    const site = await open();
    const terminal = await rotateToGate(site);
    terminal.signal('SIGTERM');
    expect(await terminal.exit).toBe(130);
    expect(terminal.text()).toContain(`keyturn resume ${await onlyRotation(site)}`);
  });
});

describe('the screen', () => {
  const ONCE = ['Preflight', 'Seal the old key', 'Make the new key', 'Reload the services', 'Evidence'];

  test.each([40, 80, 200])('of %i columns shows each line once, however long', async (cols) => {
    const site = await open();
    const long = 'a-service-whose-name-is-longer-than-a-narrow-terminal-is-wide-and-then-some-more';
    const text = JSON.stringify((await site.run(['plan', 'shop-key', '--json'])).json());
    expect(text).toContain('shop');
    const config = JSON.parse(await site.read('rotation.config.yaml'));
    config.services[long] = { ...config.services.shop };
    delete config.services.shop;
    await site.writeConfig(config);
    const terminal = await rotateToGate(site, { cols });
    terminal.type(`y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    for (const line of terminal.lines()) expect(line.length).toBeLessThanOrEqual(cols);
    for (const title of ONCE)
      expect(terminal.lines().filter((line) => line.replace(/^\S /, '') === title)).toHaveLength(1);
    // No spinner is left behind.
    expect(terminal.text()).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏◼]/u);
    expect(terminal.raw().endsWith('\u001b[?25l')).toBe(false);
  });

  test('a failing step leaves its reason and a whole screen behind, at 40 columns', async () => {
    const site = await open();
    site.service.breakWithOtherKeys();
    const terminal = site.terminal(['rotate', 'shop-key', '--yes'], { cols: 40 });
    expect(await terminal.exit).toBe(4);
    const read = terminal.text().replaceAll(/\s+/g, ' ');
    expect(read).toContain('✖ Check the services');
    expect(read).toContain('status 500');
    expect(read).toContain('Rolled back');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }, { CI: '1' }])('with %j', async (env) => {
    const site = await open();
    const terminal = await rotateToGate(site, { env });
    terminal.type(`y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    if (!('NO_COLOR' in env)) {
      expect(terminal.text()).toContain('  Push the new key: 1 of 2 done');
      expect(terminal.text()).not.toContain('✔ Push the new key');
    } else {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is made of these
      expect(terminal.raw()).not.toMatch(/\u001b\[3[0-7]m/);
      expect(terminal.text()).toContain('✔ Push the new key');
    }
  });
});
