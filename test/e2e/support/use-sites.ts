import { afterAll, afterEach, beforeAll } from 'vitest';
import { type PostmanEmulator, startPostmanEmulator } from '../../../src/issuers/postman/emulator.ts';
import { type BuiltKeyturn, buildKeyturn } from './built-keyturn.ts';
import { type PostmanTeam, startPostmanTeam } from './postman-team.ts';
import { openSite, type Site, type SiteShape } from './site.ts';

export interface Sites {
  open(shape?: SiteShape): Promise<Site>;
  /** Its key is a Postman key, made and deleted by hand. */
  openWithPostman(policy?: SiteShape['policy']): Promise<{ site: Site; postman: PostmanEmulator }>;
  /** The same, with several users at Postman. */
  openWithTeam(): Promise<{ site: Site; team: PostmanTeam }>;
  /** Closed after the test, the last opened first. */
  close(resource: () => Promise<void>): void;
}

/** One build for the tests of a file, and sites that are closed after each. */
export function useSites(): Sites {
  let keyturn: BuiltKeyturn;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    keyturn = await buildKeyturn();
  }, 120_000);
  afterAll(() => keyturn.remove());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const open: Sites['open'] = async (shape) => {
    const site = await openSite(keyturn, shape);
    closing.push(site.close);
    return site;
  };
  return {
    open,
    close: (resource) => void closing.push(resource),
    openWithTeam: async () => {
      const team = await startPostmanTeam();
      closing.push(team.stop);
      const issuer = { type: 'postman', baseUrl: team.url };
      return { site: await open({ issuer, oldKey: team.issue(1) }), team };
    },
    openWithPostman: async (policy = {}) => {
      const postman = await startPostmanEmulator();
      closing.push(postman.stop);
      const oldKey = (await postman.issue()).credential['value']?.reveal() ?? '';
      const baseUrl = String(postman.options()['baseUrl']);
      return { site: await open({ issuer: { type: 'postman', baseUrl }, oldKey, policy }), postman };
    },
  };
}

/** What a person copies from the web page. */
export async function pressGenerate(postman: PostmanEmulator): Promise<string> {
  return (await postman.issue()).credential['value']?.reveal() ?? '';
}

/** A person deletes a key in the web page. */
export async function pressDelete(postman: PostmanEmulator, key: string): Promise<void> {
  const { signal } = new AbortController();
  await postman.operator?.confirmDone({ title: '', instructions: [key.slice(0, 29)] }, { signal });
}
