import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

/**
 * As for kubectl: a command with a path in it is relative to the kubeconfig that names it, one without is looked for
 * in PATH. Of several kubeconfigs nobody knows any more which one it was: then it is the first that has it beside it.
 */
export function execCommand(
  command: string,
  { kubeconfig, baseDir }: { readonly kubeconfig: string | undefined; readonly baseDir: string },
): string {
  if (isAbsolute(command) || !/[/\\]/.test(command)) return command;
  const files = kubeconfig === undefined ? defaultFiles() : [resolve(baseDir, kubeconfig)];
  const places = files.map((file) => resolve(dirname(file), command));
  return places.find((place) => existsSync(place)) ?? places[0] ?? command;
}

function defaultFiles(): readonly string[] {
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
}
