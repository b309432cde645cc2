import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import type { DockerClient } from '../../lib/docker/docker-client.ts';
import { isJob } from '../../lib/docker/service.ts';
import { reported } from '../../lib/store/reported.ts';
import { findLive, type Live, type Swarm } from './find-live.ts';
import { successorName } from './generation.ts';
import { secretName } from './secret-name.ts';
import { askSwarm } from './whoami.ts';

const STACK = 'com.docker.stack.namespace';

/** Everything that would stop a push or the way back, as far as looking can tell. */
export async function preflightSlot(
  slot: Slot,
  { client, swarm }: { readonly client: DockerClient; readonly swarm: Swarm },
  { signal }: CallContext,
): Promise<SlotReport> {
  const subject = `${swarm.name}/${slot.ref}`;
  const findings = await reported(subject, async () => {
    const name = secretName(slot, swarm.name);
    const { manager } = await askSwarm(client, signal);
    if (!manager) return [{ severity: 'error', code: 'REFUSED', subject, ...NO_MANAGER }];
    const live = await findLive(swarm, name, signal);
    if (live === undefined) return [{ severity: 'error', code: 'NOT_FOUND', subject, ...ABSENT }];
    return [
      ...(await reported(subject, async () => {
        successorName(name, live.secret.id, 'preflight');
        return [];
      })),
      ...liveFindings(live, subject),
    ];
  });
  return { findings, restore: 'version', cas: true };
}

const NO_MANAGER = {
  message: 'this engine is not a manager of a swarm',
  hint: 'Set `address` to the engine of a manager. Secrets of plain containers are files: use a file store for them.',
} as const;

const ABSENT = {
  message: 'there is no such secret',
  hint: '`ref` is the name it had before keyturn first replaced it. Make it first; keyturn does not.',
} as const;

function liveFindings({ secret, users }: Live, subject: string): Finding[] {
  const findings: Finding[] = [];
  const add = (severity: Finding['severity'], message: string, hint?: string): void => {
    findings.push({ severity, code: 'REFUSED', subject, message, ...(hint === undefined ? {} : { hint }) });
  };
  if (secret.driver !== undefined)
    add('error', `the driver ${secret.driver} has its value: it is rotated there`);
  const jobs = users.filter(isJob).map(({ name }) => name);
  const others = users.filter((service) => !isJob(service)).map(({ name }) => name);
  if (users.length === 0)
    add('warning', 'no service uses it: a push makes another secret, and gives it to nobody');
  if (others.length > 0)
    add('info', `a push replaces the tasks of ${others.join(', ')}, one after the other`);
  if (jobs.length > 0)
    add(
      'warning',
      `a push runs the job ${jobs.join(', ')} again, as the swarm does with whatever changes in one; so does a rollback`,
      'See that it may run at any time, or give the secret to it anew after the rotation.',
    );
  const stacks = [secret.labels[STACK], ...users.map(({ spec }) => spec.Labels?.[STACK])];
  const [stack] = stacks.filter((each) => each !== undefined);
  if (stack !== undefined)
    add(
      'warning',
      `it belongs to the stack ${String(stack)}: a deployment of its file gives the services the old secret again`,
      'Write the new name into the file after the rotation (`external: true`, `name: …`).',
    );
  return findings;
}
