/**
 * A program as a user would write it, for plain `node`: `node store.mjs STATE_FILE`. It keeps its slots in the state
 * file, which the emulator reads as well. `trouble` in that file makes the next run of an action go wrong.
 */
export const PROGRAM = `
import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { exitCodeFor, strikeAfter, strikeBefore, takeFault } from './faults.mjs';

const file = process.argv[2];
const lock = file + '.lock';
const question = JSON.parse(readFileSync(0, 'utf8'));

const locked = () => {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
};
while (!locked()) await new Promise((resolve) => setTimeout(resolve, 5));
const unlock = () => rmdirSync(lock);
process.on('exit', unlock);

const state = JSON.parse(readFileSync(file, 'utf8'));
const save = () => {
  writeFileSync(file + '.new', JSON.stringify(state), { mode: 0o600 });
  renameSync(file + '.new', file);
};
const end = (code, words) => {
  process.stderr.write(words + '\\n');
  process.exit(code);
};

const leave = () => {
  unlock();
  process.off('exit', unlock);
};

const { values, secrets, ...seen } = question;
state.seen.push({ argv: process.argv.slice(2), env: process.env, question: seen });
const trouble = state.trouble[question.action];
delete state.trouble[question.action];
const writes = question.action === 'write' || question.action === 'restore';
save();
const fault = takeFault(writes);
strikeBefore(fault, { leave, refuse: (status) => end(exitCodeFor(status), 'status ' + status) });

if (trouble?.before) {
  if (trouble.print) process.stdout.write(trouble.print);
  end(trouble.exit, trouble.words ?? 'it went wrong');
}
if (secrets.token !== state.token) end(10, 'the token is not valid');

const slot = state.slots[question.ref];
if (question.ref !== undefined && slot === undefined) end(11, 'no such slot');
const put = (fields) => {
  slot.version += 1;
  slot.fields = fields;
  slot.updatedAt = new Date().toISOString();
  slot.history[slot.version] = fields;
  state.effects += 1;
  save();
  return { version: slot.version };
};
const actions = {
  whoami: () => ({ display: 'deploy at the mainframe', attributes: { account: '42' } }),
  preflight: () => ({ findings: state.findings }),
  read: () => {
    const own = question.fields.filter((name) => slot.fields[name] !== undefined);
    const fields = Object.fromEntries(own.map((name) => [name, slot.fields[name]]));
    const shown = question.settings.writeOnly ? own : fields;
    return { fields: shown, version: String(slot.version), updatedAt: slot.updatedAt };
  },
  write: () => {
    const isOld = question.expected !== null && question.expected !== String(slot.version);
    if (question.settings.compares && isOld) end(14, 'somebody else wrote');
    return put({ ...slot.fields, ...values });
  },
  restore: () => {
    const before = slot.history[question.before];
    if (before === undefined) end(11, 'no such version');
    return put(before);
  },
};

const answer = actions[question.action]();
await strikeAfter(fault, { leave });
if (trouble) end(trouble.exit, trouble.echo ? JSON.stringify([answer, values]) : 'it broke after the work was done');
process.stdout.write(JSON.stringify(answer));
`;
