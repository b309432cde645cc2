import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const CLIENTS = "import { createConfiguration, ServerConfiguration, } from './gen/index.js';";

/**
 * The kubeconfig of @kubernetes/client-node without its generated clients, which are 13 MB and made for every resource
 * there is: requests go through our own HTTP.
 */
export const leanKubernetes: Plugin = {
  name: 'lean-kubernetes',
  setup: ({ onLoad }) => {
    onLoad({ filter: /@kubernetes[/\\]client-node[/\\]dist[/\\]config\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes(CLIENTS))
        throw new Error(`${path} no longer contains ${CLIENTS}: look at lean-kubernetes.ts`);
      const absent = 'const [createConfiguration, ServerConfiguration] = [];';
      return { contents: source.replace(CLIENTS, absent), loader: 'js' };
    });
  },
};
