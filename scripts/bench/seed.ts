/** What every target holds before; made at run time, and the same in each process. */
export const OLD_VALUE = ['old', 'value', 'of', 'every', 'target', '0123456789abcdef'].join('-');

/** `secret/ROUND/apps/00001`: each arm of each round has paths of its own. */
export function refOf(round: string, index: number): string {
  return `secret/${round}/apps/service-${String(index).padStart(5, '0')}`;
}
