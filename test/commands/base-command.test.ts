import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PreflightRefusal } from '../../src/app/preflight-refusal.ts';
import { ERROR_CODES } from '../../src/core/errors/codes.ts';
import { DEFINITIONS } from '../../src/core/errors/definitions.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { KeyturnCommand } from '../../src/ui/base-command.ts';
import { runCommand } from './support/run-command.ts';

/** A command that does what the test wants. */
function commandThat(act: (command: KeyturnCommand) => unknown): typeof KeyturnCommand & { id: string } {
  class Acting extends KeyturnCommand {
    async run(): Promise<unknown> {
      await this.parse(Acting);
      return act(this);
    }
  }
  return Acting as never;
}

function failing(error: unknown): ReturnType<typeof commandThat> {
  return commandThat(() => {
    throw error;
  });
}

describe('a command that fails', () => {
  test.each(ERROR_CODES)(
    'shows %s with message and hint, on stderr, and ends with its exit code',
    async (code) => {
      const hint = 'do this';
      const error = new RotationError(code, { subject: 'vault-prod/apps/ci', reason: 'it said so', hint });
      const { stdout, stderr, exitCode } = await runCommand(failing(error), 'acting', []);
      expect(stdout).toBe('');
      expect(stderr).toBe(`Error [${code}] ${error.message}\nHint: ${error.hint}\n`);
      expect(exitCode).toBe(DEFINITIONS[code].exitCode);
    },
  );

  test('gives code, message and hint as JSON on stdout, and nothing on stderr, with --json', async () => {
    const error = new RotationError('LOCKED', { subject: 'key payments' });
    const run = await runCommand(failing(error), 'acting', ['--json']);
    expect(run.json()).toEqual({ error: { code: 'LOCKED', message: error.message, hint: error.hint } });
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(7);
  });

  test('ends with 2 and names the flag when the command line is wrong', async () => {
    const run = await runCommand(failing(undefined), 'acting', ['--nonsense', '--json']);
    expect(run.json()).toMatchObject({
      error: { code: 'CONFIG_INVALID', message: expect.stringContaining('--nonsense') },
    });
    expect(run.exitCode).toBe(2);
  });

  test.each(['AbortError', 'ExitPromptError'])('ends with 130 on %s', async (name) => {
    const { stderr, exitCode } = await runCommand(
      failing(Object.assign(new Error('gone'), { name })),
      'acting',
      [],
    );
    expect(stderr).toContain('[ABORTED]');
    expect(exitCode).toBe(130);
  });

  test('ends with 1 and asks for a report when the error is nobody’s', async () => {
    const { stderr, exitCode } = await runCommand(
      failing(new TypeError('x is not a function')),
      'acting',
      [],
    );
    expect(stderr).toContain('[INTERNAL]');
    expect(stderr).toContain('x is not a function');
    expect(exitCode).toBe(1);
  });
});

describe('an error that is not keyturn’s own', () => {
  const fileError = (code: string): Error =>
    Object.assign(new Error(`${code}: not possible, open '/srv/state'`), { code, path: '/srv/state' });

  test.each([
    ['EACCES', 'PERMISSION_DENIED'],
    ['EROFS', 'PERMISSION_DENIED'],
    ['ENOTDIR', 'UNAVAILABLE'],
  ])('%s of the file system is %s, with the path', async (errno, code) => {
    const run = await runCommand(failing(fileError(errno)), 'acting', ['--json']);
    expect(run.json()).toMatchObject({
      error: {
        code,
        message: expect.stringContaining('/srv/state'),
        hint: expect.stringContaining('doctor'),
      },
    });
    expect(run.exitCode).toBe(1);
  });

  test('what is thrown may be no error at all', async () => {
    const run = await runCommand(failing('a string'), 'acting', []);
    expect(run.stderr).toContain('[INTERNAL]');
    expect(run.stderr).toContain('a string');
  });

  test('KEYTURN_DEBUG=1 adds the stack, and the cause', async () => {
    process.env['KEYTURN_DEBUG'] = '1';
    try {
      const cause = new Error('the socket closed');
      const run = await runCommand(failing(new Error('lost', { cause })), 'acting', []);
      expect(run.stderr).toContain('Caused by: Error: the socket closed');
      expect((await runCommand(failing('a string'), 'acting', [])).stderr).toContain('a string');
      const bare = Object.assign(new Error('no trace of it'), { stack: undefined });
      expect((await runCommand(failing(bare), 'acting', [])).stderr).toMatch(/^no trace of it$/m);
    } finally {
      delete process.env['KEYTURN_DEBUG'];
    }
  });

  test('an interruption that had begun nothing does not send anybody to resume', async () => {
    const run = await runCommand(failing(new RotationError('ABORTED', { subject: 'x' })), 'acting', []);
    expect(run.stderr).toContain('Nothing was begun by it.');
  });

  test('this.exit is the exit code, and says nothing', async () => {
    const run = await runCommand(
      commandThat((command) => command.exit(6)),
      'acting',
      [],
    );
    expect([run.stdout, run.stderr, run.exitCode]).toEqual(['', '', 6]);
  });
});

describe('oclif’s own ways out', () => {
  test('an exit without a code is a failure without words', async () => {
    const exit = Object.assign(new Error('EEXIT'), { code: 'EEXIT', oclif: {} });
    const run = await runCommand(failing(exit), 'acting', []);
    expect([run.stdout, run.stderr, run.exitCode]).toEqual(['', '', 1]);
  });

  test('a warning may be an error', async () => {
    const run = await runCommand(
      commandThat((command) => command.warn(new Error('one of them is damaged'))),
      'acting',
      [],
    );
    expect(run.stderr).toBe('Warning one of them is damaged\n');
  });
});

test('a refusal of preflight shows each finding with its hint, in text and in JSON', async () => {
  const findings = [
    { severity: 'error', code: 'DRIFT', subject: 'env/a', message: 'it differs', hint: 'look there' },
    { severity: 'warning', code: 'REFUSED', subject: 'env/b', message: 'beware' },
  ] as const;
  const refusal = new PreflightRefusal('shop-key', findings);
  const { stderr } = await runCommand(failing(refusal), 'acting', []);
  expect(stderr.split('\n').slice(1, 4)).toEqual([
    '  x env/a: it differs',
    '      look there',
    '  ! env/b: beware',
  ]);
  expect(stderr).toContain('preflight found 1 reason not to begin');
  const run = await runCommand(failing(refusal), 'acting', ['--json']);
  expect(run.json()).toMatchObject({ error: { code: 'REFUSED', findings } });
});

describe('whatever a command prints', () => {
  const value = randomBytes(24).toString('base64');
  const forms = (): string[] => [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)];

  test.each([
    ['its answer', commandThat((command) => command.log(forms().join(' '))), []],
    ['its answer as JSON', commandThat(() => ({ values: forms() })), ['--json']],
    ['its progress', commandThat((command) => command.logToStderr(forms().join(' '))), []],
    ['a warning', commandThat((command) => command.warn(forms().join(' '))), []],
    ['an error', failing(new Error(forms().join(' '))), []],
    ['an error as JSON', failing(new Error(forms().join(' '))), ['--json']],
  ])('%s passes the redactor', async (_what, command, argv) => {
    new Secret(value);
    const { stdout, stderr } = await runCommand(command, 'acting', argv);
    const printed = stdout + stderr;
    expect(printed).toContain('[redacted]');
    for (const form of forms()) expect(printed).not.toContain(form);
  });
});

test('the config is rotation.config.yaml, or what KEYTURN_CONFIG names, or what --config names', async () => {
  const seen: string[] = [];
  class Seeing extends KeyturnCommand {
    async run(): Promise<void> {
      const { flags } = await this.parse(Seeing);
      seen.push(flags.config);
    }
  }
  await runCommand(Seeing, 'seeing', []);
  process.env['KEYTURN_CONFIG'] = 'from-env.yaml';
  try {
    await runCommand(Seeing, 'seeing', []);
    await runCommand(Seeing, 'seeing', ['-c', 'from-flag.yaml']);
  } finally {
    delete process.env['KEYTURN_CONFIG'];
  }
  expect(seen).toEqual(['rotation.config.yaml', 'from-env.yaml', 'from-flag.yaml']);
});
