import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { withLazyRequires } from './lazy-requires.ts';
import { withoutCollator } from './without-collator.ts';

/** oclif as it is, but what a command does not use of it is not evaluated: a fifth less work until it has loaded. */
export const leanOclif: Plugin = {
  name: 'lean-oclif',
  setup: ({ onLoad }) => {
    onLoad({ filter: /@oclif[/\\]core[/\\]lib[/\\].*\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = withLazyRequires(source);
      if (!/config[/\\]plugin\.js$/.test(path)) return { contents, loader: 'js' };
      // A big file that requires a dozen others stands for all.
      if (contents === source)
        throw new Error(`${path} no longer requires at its top: look at lazy-requires.ts`);
      return { contents: withoutCollator(contents, path), loader: 'js' };
    });
  },
};
