/**
 * The push phase of a rotation to 10,000 Vault targets against bare loops that send the same requests:
 * `npx tsx scripts/bench/rotate-10k.ts [--targets N] [--rounds N]`. Arms run by turns, each in a fresh process, so
 * that a busy machine slows them alike; the server is a process of its own.
 */
import { parseArgs } from 'node:util';
import type { ArmResult } from './arms/arm.ts';
import { type Bench, createBench, type KvServer } from './measure/processes.ts';
import { type BenchResult, print } from './measure/result.ts';
import { shown, spreadOf } from './measure/statistics.ts';
import type { ArmName } from './run-arm.ts';

const CONCURRENCY = 64;

interface Scale {
  readonly targets: number;
  readonly rounds: number;
}

export async function benchRotation(scale: Scale): Promise<BenchResult[]> {
  const bench = await createBench();
  return [...(await onLoopback(bench, scale)), ...(await behindALatency(bench, scale))];
}

async function onLoopback(bench: Bench, scale: Scale): Promise<BenchResult[]> {
  const server = await bench.startServer(0);
  const names = ['engine', 'client', 'axios', 'lean-axios', 'engine-sealing', 'undici'] as const;
  const { times, serverLoad } = await byTurns(bench, server, names, scale);
  server.stop();
  const against = (arm: ArmName, bare: ArmName, by: keyof ArmResult = 'wallMs') =>
    ratio(times, arm, bare, by);
  const axios = against('engine', 'axios');
  const own = against('engine', 'client');
  return [
    {
      what: 'rotation / bare loop of tuned axios, loopback',
      measured: `${shown(axios)}x`,
      target: '1.15x',
      holds: axios.median <= 1.15,
    },
    // No target: the engine does not get faster with the adapter that makes our client faster than tuned axios.
    { what: 'rotation / bare loop of our own client, loopback', measured: `${shown(own)}x` },
    { what: '… by processor time', measured: `${shown(against('engine', 'client', 'cpuMs'))}x` },
    { what: '… with every old value sealed', measured: `${shown(against('engine-sealing', 'client'))}x` },
    { what: '… over undici', measured: `${shown(against('engine', 'undici'))}x` },
    ...names.map((name) => perTarget(name, times, scale)),
    {
      what: 'the server was busy',
      measured: `${shown(spreadOf(serverLoad), 0)} % of the time of the bare loop`,
    },
  ];
}

async function behindALatency(bench: Bench, scale: Scale): Promise<BenchResult[]> {
  const server = await bench.startServer(20);
  const names = ['engine', 'undici'] as const;
  const { times } = await byTurns(bench, server, names, scale);
  server.stop();
  const slow = ratio(times, 'engine', 'undici', 'wallMs');
  return [
    {
      what: 'rotation / bare undici loop, server takes 20 ms',
      measured: `${shown(slow)}x`,
      target: '1.25x',
      holds: slow.median <= 1.25,
    },
    ...names.map((name) => ({ ...perTarget(name, times, scale), what: `${name}, server takes 20 ms` })),
  ];
}

type Times = Readonly<Partial<Record<ArmName, ArmResult[]>>>;

async function byTurns(
  bench: Bench,
  server: KvServer,
  names: readonly ArmName[],
  { targets, rounds }: Scale,
): Promise<{ times: Times; serverLoad: number[] }> {
  const times: Partial<Record<ArmName, ArmResult[]>> = {};
  const serverLoad: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // Forwards and backwards, so that none always runs after the same other.
    for (const name of round % 2 === 1 ? names : [...names].reverse()) {
      const before = await server.cpuMs();
      const settings = {
        address: server.address,
        round: `${name}-${round}`,
        targets,
        concurrency: CONCURRENCY,
      };
      const result = await bench.runArm(name, settings);
      const busy = (await server.cpuMs()) - before;
      if (name === 'client') serverLoad.push((100 * busy) / result.wallMs);
      times[name] = [...(times[name] ?? []), result];
      console.log(
        `  round ${round}: ${name} ${result.wallMs.toFixed(0)} ms (${result.cpuMs.toFixed(0)} ms of a core)`,
      );
    }
  }
  return { times, serverLoad };
}

/** Round by round: what ran at the same time is compared. */
function ratio(times: Times, arm: ArmName, bare: ArmName, by: keyof ArmResult) {
  const others = times[bare] ?? [];
  return spreadOf(
    (times[arm] ?? []).map((result, round) => result[by] / (others[round]?.[by] ?? Number.NaN)),
  );
}

function perTarget(name: ArmName, times: Times, { targets }: Scale): BenchResult {
  const each = (times[name] ?? []).map(({ wallMs }) => (wallMs * 1000) / targets);
  return { what: `${name}, loopback`, measured: `${shown(spreadOf(each), 0)} µs a target` };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { targets: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' } },
  });
  print(await benchRotation({ targets: Number(values.targets), rounds: Number(values.rounds) }));
}
