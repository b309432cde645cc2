import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
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
