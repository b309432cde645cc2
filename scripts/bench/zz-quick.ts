import { fork } from 'node:child_process';
import { bundled } from '/work/main/scripts/bench/measure/bundle.ts';

const [n, rounds, delay, arms, ...execArgv] = process.argv.slice(2);
const b = await bundled('kv-server', 'run-arm');
const server = fork(b['kv-server'], [delay!]);
const port = await new Promise<number>((r) => server.once('message', (m: any) => r(m.port)));
for (let i = 0; i < Number(rounds); i++)
  for (const arm of arms!.split(',')) {
    const before = await new Promise<any>((r) => {
      server.once('message', r);
      server.send('x');
    });
    const child = fork(
      b['run-arm'],
      [
        arm,
        JSON.stringify({
          address: `http://127.0.0.1:${port}`,
          round: `r${i}-${arm}`,
          targets: Number(n),
          concurrency: 64,
        }),
      ],
      { execArgv },
    );
    const res = await new Promise<any>((r, j) => {
      child.once('message', r);
      child.once('exit', (c) => c && j(new Error('exit ' + c)));
    });
    await new Promise((r) => child.once('exit', r));
    const after = await new Promise<any>((r) => {
      server.once('message', r);
      server.send('x');
    });
    console.log(
      arm.padEnd(15),
      'wall',
      res.wallMs.toFixed(0).padStart(6),
      'cpu',
      res.cpuMs.toFixed(0).padStart(6),
      'peak',
      res.peakMb.toFixed(0),
      'server cpu',
      (after.cpuMs - before.cpuMs).toFixed(0),
    );
  }
server.disconnect();
