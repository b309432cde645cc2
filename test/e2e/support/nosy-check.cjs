// A check that does what a check should not: it prints the key it gets, in several forms. Meanwhile it writes down
// the command line of every process it can see, itself and its parent included, for the test to search.
const { appendFileSync, existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const [, , notes] = process.argv;
const key = process.env.API_KEY ?? '';
appendFileSync(join(notes, 'keys'), `${key}\n`);

const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
for (const pid of ['self', String(process.ppid), ...others]) {
  try {
    appendFileSync(join(notes, 'command-lines'), `${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}\n`);
  } catch {
    // It has ended.
  }
}

const old = readFileSync(join(notes, 'old-key'), 'utf8');
const fails = existsSync(join(notes, 'fail')) && key !== old;
const forms = [
  key,
  encodeURIComponent(key),
  Buffer.from(key).toString('base64'),
  Buffer.from(key).toString('hex'),
];
process.stdout.write(`using ${forms.join(' ')}\n`);
process.stderr.write(`Authorization: Bearer ${key}\n`);
process.exitCode = fails ? 1 : 0;
