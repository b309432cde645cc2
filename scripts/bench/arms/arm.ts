/** One way of pushing to all targets: what is compared. */
export interface ArmSettings {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Part of every path: no two runs meet. */
  readonly round: string;
  readonly targets: number;
  readonly concurrency: number;
}

export interface ArmResult {
  /** From the first request to the last answer (and, with the engine, until the journal is durable). */
  readonly wallMs: number;
  /** User and system time of the process in the same span. */
  readonly cpuMs: number;
}

export type Arm = (settings: ArmSettings) => Promise<ArmResult>;

/** Times `work` by the clock and by the time the process had a core. */
export async function timed(work: () => Promise<void>): Promise<ArmResult> {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  await work();
  const wallMs = Number(process.hrtime.bigint() - begin) / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
