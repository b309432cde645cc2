import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName, workloadPath } from '../../lib/kubernetes/workload.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import type { Workload } from './workloads.ts';

export interface Switch {
  /** Names of Secrets. */
  readonly from: string;
  readonly to: string;
}

/**
 * Makes workloads name another Secret, wherever their pods name the old one: which rolls their pods. Each place is
 * tested in the same request, so that a workload that was changed meanwhile is left as it is.
 * @throws RotationError what the first workload's refusal was; INDETERMINATE when some are switched
 */
export async function pointTo(
  client: KubernetesClient,
  workloads: readonly Workload[],
  change: Switch,
  subject: string,
  signal: AbortSignal,
): Promise<void> {
  await writeOneByOne(
    usersOf(workloads, change.from),
    (workload) => pointOne(client, workload, change, { signal, dryRun: false }),
    subject,
  );
}

export async function pointOne(
  client: KubernetesClient,
  workload: Workload,
  { from, to }: Switch,
  { signal, dryRun }: { readonly signal: AbortSignal; readonly dryRun: boolean },
): Promise<void> {
  const places = workload.references.filter(({ name }) => name === from);
  await client.ask(
    {
      method: 'PATCH',
      path: workloadPath(workload),
      patch: 'json',
      body: places.flatMap(({ path }) => [
        { op: 'test', path, value: from },
        { op: 'replace', path, value: to },
      ]),
      dryRun,
      subject: `${client.name}/${workload.namespace}/${displayName(workload)}`,
      action: dryRun ? `try to point it to another Secret` : `point it to ${to}`,
      effect: dryRun ? 'read' : 'write',
    },
    signal,
  );
}

export function usersOf(workloads: readonly Workload[], secret: string): readonly Workload[] {
  return workloads.filter(({ references }) => references.some(({ name }) => name === secret));
}
