import { afterEach, expect, test, vi } from 'vitest';
import { withSameConfig } from '../../src/ui/next-command.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['rotation.config.yaml', undefined, ''],
  ['ops/rotation.config.yaml', undefined, ' --config ops/rotation.config.yaml'],
  ['ops/rotation.config.yaml', 'ops/rotation.config.yaml', ''],
  // The environment names another: the usual place has to be said as well.
  ['rotation.config.yaml', 'ops/rotation.config.yaml', ' --config rotation.config.yaml'],
  ["it's mine/a b.yaml", undefined, ` --config 'it'\\''s mine/a b.yaml'`],
])('the next command finds %s (KEYTURN_CONFIG: %s)', (config, env, said) => {
  vi.stubEnv('KEYTURN_CONFIG', env);
  expect(withSameConfig('keyturn resume r1', config)).toBe(`keyturn resume r1${said}`);
});
