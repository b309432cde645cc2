import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { type EmulatedSecret, putVersion } from '../../src/stores/aws-secrets-manager/emulated-secret.ts';
import { optionsSchema } from '../../src/stores/aws-secrets-manager/options.ts';
import { openRig, type Rig } from './aws-secrets-manager-rig.ts';

/** Heard from the start: the SDK warns once a process. */
const warnings: string[] = [];
process.on('warning', (warning) => warnings.push(warning.message));

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

async function findings(slot: Slot = rig.slot): Promise<readonly Finding[]> {
  return (await rig.store.preflight(slot, rig)).findings;
}

const STATES: Readonly<Record<string, { set: (secret: EmulatedSecret) => void; says: RegExp }>> = {
  'rotates by a Lambda function': {
    set: (secret) => {
      secret.rotationEnabled = true;
    },
    says: /Lambda/,
  },
  'is in the middle of somebody’s rotation': {
    set: (secret) => {
      putVersion(secret, { text: '{}', labels: ['AWSPENDING'] });
    },
    says: /AWSPENDING/,
  },
  'belongs to an AWS service': {
    set: (secret) => {
      secret.owningService = 'rds';
    },
    says: /rds/,
  },
  'is marked for deletion': {
    set: (secret) => {
      secret.deletedAt = Date.UTC(2026, 0, 2);
    },
    says: /2026-01-02/,
  },
  'is a replica': {
    set: (secret) => {
      secret.primaryRegion = 'eu-west-1';
    },
    says: /eu-west-1/,
  },
  'has no label left': {
    set: (secret) => {
      putVersion(secret, { text: '{}', labels: Array.from({ length: 18 }, (_, index) => `l${index}`) });
    },
    says: /19 of 20/,
  },
  'is binary': {
    set: (secret) => {
      putVersion(secret, { binary: 'AAEC' });
    },
    says: /binary/,
  },
  'is not JSON': {
    set: (secret) => {
      putVersion(secret, { text: 'plain' });
    },
    says: /not a JSON object/,
  },
  'has another type under the key': {
    set: (secret) => {
      putVersion(secret, { text: '{"API_KEY": 5}' });
    },
    says: /not a string/,
  },
  'has the key twice': {
    set: (secret) => {
      putVersion(secret, { text: '{"API_KEY": "a", "API_KEY": "b"}' });
    },
    says: /2 times/,
  },
};

it.each(Object.entries(STATES))('refuses a secret that %s', async (_what, { set, says }) => {
  set(rig.emulator.secret(rig.slot));
  const errors = (await findings()).filter((finding) => finding.severity === 'error');
  expect(errors.map((finding) => finding.message).join('\n')).toMatch(says);
});

it('does not mind AWSPENDING left on the current version', async () => {
  rig.emulator.secret(rig.slot).versions.get(rig.first)?.labels.add('AWSPENDING');
  expect(await findings()).toEqual([]);
});

it.each(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'])(
  'names the missing permission %s',
  async (action) => {
    rig.emulator.denied.add(action);
    expect(await findings()).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining(action),
      }),
    );
  },
);

it('warns when no policy of the identity allows the push', async () => {
  rig.emulator.denied.add('secretsmanager:PutSecretValue');
  expect(await findings()).toMatchObject([
    { severity: 'warning', code: 'PERMISSION_DENIED', message: expect.stringContaining('PutSecretValue') },
  ]);
});

it('says so when nobody may look at policies, and asks once', async () => {
  rig.emulator.denied.add('iam:SimulatePrincipalPolicy');
  await findings();
  expect(await findings()).toMatchObject([{ severity: 'info' }]);
  const asked = rig.emulator.server.requests.filter(({ body }) => body.includes('SimulatePrincipalPolicy'));
  expect(asked).toHaveLength(1);
});

it('sees that an ARN is of another region', async () => {
  const ref = rig.emulator.secret(rig.slot).arn.replace('us-east-1', 'eu-west-1');
  expect(await findings({ ...rig.slot, ref })).toContainEqual(
    expect.objectContaining({ severity: 'error', code: 'CONFIG_INVALID' }),
  );
});

it('does not show the value in any finding', async () => {
  putVersion(rig.emulator.secret(rig.slot), { text: 'plain-and-secret' });
  expect(JSON.stringify(await findings())).not.toContain('plain-and-secret');
});

it('refuses to send secrets in the clear to another machine', () => {
  const schema = optionsSchema;
  expect(schema.safeParse({ endpoint: 'http://10.0.0.1:5000' }).success).toBe(false);
  expect(schema.safeParse({ endpoint: 'https://vpce.example.com' }).success).toBe(true);
  expect(schema.safeParse({ endpoints: { sts: 'http://sts.example.com' } }).success).toBe(false);
});

it('takes a key pair or a profile, never half of one', () => {
  expect(optionsSchema.safeParse({ accessKeyId: 'env:A' }).success).toBe(false);
  expect(
    optionsSchema.safeParse({ accessKeyId: 'env:A', secretAccessKey: 'env:B', profile: 'p' }).success,
  ).toBe(false);
  expect(optionsSchema.safeParse({ profile: 'p' }).success).toBe(true);
});

it('does not print the SDK’s warning of old Node versions, nor leave its switch to our children', async () => {
  await rig.store.whoami(rig);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  expect(process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED']).toBeUndefined();
});
