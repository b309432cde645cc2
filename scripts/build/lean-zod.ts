import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const LOCALES = 'export * as locales from "../locales/index.js";';

/**
 * zod without its messages in fifty languages, which are two fifths of it: we word mistakes ourselves, and a bundler
 * cannot see that a namespace is not used. English, which zod itself falls back to, is imported elsewhere and stays.
 */
export const leanZod: Plugin = {
  name: 'lean-zod',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\](?:classic[/\\]external|core[/\\]index)\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes(LOCALES))
        throw new Error(`${path} no longer contains ${LOCALES}: look at lean-zod.ts`);
      return { contents: source.replace(LOCALES, ''), loader: 'js' };
    });
  },
};
