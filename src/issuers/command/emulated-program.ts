/**
 * A program as a user would write it, for plain `node`: `node keys.mjs STATE_FILE`. It keeps its keys in the state
 * file, which the emulator reads as well. `trouble` in that file makes the next run of an action go wrong.
 */
export const PROGRAM = `
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { exitCodeFor, strikeAfter, strikeBefore, takeFault } from './faults.mjs';

const file = process.argv[2];
const state = JSON.parse(readFileSync(file, 'utf8'));
const save = () => {
  writeFileSync(file + '.new', JSON.stringify(state), { mode: 0o600 });
  renameSync(file + '.new', file);
};
const end = (code, words) => {
  process.stderr.write(words + '\\n');
  process.exit(code);
};
const changed = () => {
  state.effects += 1;
  save();
};

const question = JSON.parse(readFileSync(0, 'utf8'));
state.seen.push({ argv: process.argv.slice(2), env: process.env, question: { ...question, secrets: undefined } });
const trouble = state.trouble[question.action];
delete state.trouble[question.action];
save();
const fault = takeFault(!['identify', 'list', 'lastUsed'].includes(question.action));
strikeBefore(fault, { refuse: (status) => end(exitCodeFor(status), 'status ' + status) });

if (trouble?.before) {
  if (trouble.hang) await new Promise((resolve) => setTimeout(resolve, 600_000));
  if (trouble.print) process.stdout.write(trouble.print);
  end(trouble.exit, trouble.words ?? 'it went wrong');
}
if (question.action !== 'identify' && question.secrets.token !== state.token) end(10, 'the token is not valid');

const { names, secret, id: idPart } = question.settings;
const key = state.keys.find((one) => one.id === question.keyId);
const actions = {
  create: () => {
    const id = 'ck_' + randomBytes(6).toString('hex');
    const value = id + '_' + randomBytes(20).toString('hex');
    const other = (name) => (name === idPart ? id : randomBytes(12).toString('hex'));
    const made = Object.fromEntries(names.map((name) => [name, name === secret ? value : other(name)]));
    state.keys.push({ id, secret: value, label: question.label, status: 'active', createdAt: new Date(), lastUsedAt: null });
    changed();
    return { parts: made };
  },
  identify: () => {
    const mine = state.keys.find((one) => one.secret === question.parts[secret] && one.status === 'active');
    if (mine === undefined) end(10, 'no such key');
    mine.lastUsedAt = new Date();
    save();
    return { id: 'account-42', display: 'Checkout' };
  },
  list: () => ({ keys: state.keys.map(({ id, label, status, createdAt }) => ({ id, label, status, createdAt })) }),
  deactivate: () => turn('inactive'),
  activate: () => turn('active'),
  delete: () => {
    if (key === undefined) end(11, 'no such key');
    state.keys = state.keys.filter((one) => one !== key);
    changed();
  },
  lastUsed: () => {
    if (key === undefined) end(11, 'no such key');
    return { lastUsedAt: key.lastUsedAt };
  },
};
function turn(status) {
  if (key === undefined) end(11, 'no such key');
  key.status = status;
  changed();
}

const answer = actions[question.action]();
await strikeAfter(fault);
if (trouble) end(trouble.exit, trouble.echo ? JSON.stringify(answer) : 'it broke after the work was done');
process.stdout.write(JSON.stringify(answer ?? {}));
`;
