import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parse } from 'dotenv';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { KeyPolicy } from '../../src/config/rotation-config.ts';
import { plugin as awsIam } from '../../src/issuers/aws-iam/index.ts';
import { makeIdentity } from '../../src/lib/aws/emulator/identity.ts';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import { plugin as secretsManager } from '../../src/stores/aws-secrets-manager/index.ts';
import { plugin as vault } from '../../src/stores/hashicorp-vault/index.ts';
import { type KillableRotation, startKillableRotation } from '../support/killable-rotation.ts';
import { catalog } from '../support/world.ts';
import { type MotoManners, startMotoIssuer } from './moto-issuer.ts';
import { startMotoStore } from './moto-store.ts';
import type { VaultMount } from './vault-mount.ts';
import { startVaultStore } from './vault-store.ts';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const STORES = ['dotenv', 'hashicorp-vault', 'aws-secrets-manager'] as const;
export type StoreName = (typeof STORES)[number];

/** A rotation of an IAM key over real servers, and what the world sees of it without any code of keyturn's. */
export interface ServerRotation extends KillableRotation {
  readonly oldPair: KeyPair;
  pushStep(store: StoreName): string;
  /** The pair a store holds: read with the plain SDK, plain HTTP, and dotenv. */
  held(store: StoreName): Promise<KeyPair>;
  /** The user's keys at IAM, oldest first. */
  keys(): Promise<{ id: string; active: boolean }[]>;
}

interface Places {
  readonly moto: string;
  readonly mount: VaultMount;
  readonly policy?: Partial<KeyPolicy>;
  readonly manners: MotoManners;
}

export async function startServerRotation({ moto, mount, policy, manners }: Places): Promise<ServerRotation> {
  const path = `shop-${randomUUID()}`;
  const refs: Record<StoreName, string> = {
    dotenv: 'shop/.env',
    'hashicorp-vault': `${mount.at}/${path}`,
    'aws-secrets-manager': path,
  };
  const rotation = await startKillableRotation({
    stores: STORES,
    refs,
    timeoutMs: 20_000,
    ...(policy === undefined ? {} : { policy }),
    catalog: catalogOver(moto, mount, manners),
  });
  const { config, oldKey } = rotation.world;
  const settings = { region: 'us-east-1', endpoint: moto, credentials: makeIdentity('onlooker') };
  const iam = makeClient(() => new IAMClient(settings));
  const secrets = makeClient(() => new SecretsManagerClient(settings));
  const userName = String(config.keys['the-key']?.issuer.options['userName']);
  const envFile = join(String(config.stores['dotenv']?.options['root']), refs.dotenv);

  const documents: Record<StoreName, () => Promise<Record<string, unknown>>> = {
    dotenv: async () => parse(await readFile(envFile, 'utf8')),
    'hashicorp-vault': async () => {
      const found = (await mount.read(path)) ?? new Map<string, string>();
      return Object.fromEntries([...found].map(([name, raw]) => [name, JSON.parse(raw) as unknown]));
    },
    'aws-secrets-manager': async () => {
      const wanted = new GetSecretValueCommand({ SecretId: path, VersionStage: 'AWSCURRENT' });
      return JSON.parse((await secrets.send(wanted)).SecretString ?? '{}') as Record<string, unknown>;
    },
  };

  return {
    ...rotation,
    oldPair: {
      accessKeyId: oldKey.credential['accessKeyId']?.reveal() ?? '',
      secretAccessKey: oldKey.credential['secretAccessKey']?.reveal() ?? '',
    },
    pushStep: (store) => `push:${store}/${refs[store]}#ACCESS_ID,ACCESS_SECRET`,
    held: async (store) => {
      const { ACCESS_ID, ACCESS_SECRET } = await documents[store]();
      return { accessKeyId: String(ACCESS_ID), secretAccessKey: String(ACCESS_SECRET) };
    },
    keys: async () => {
      const { AccessKeyMetadata: all = [] } = await iam.send(
        new ListAccessKeysCommand({ UserName: userName }),
      );
      return all.map((key) => ({ id: key.AccessKeyId ?? '', active: key.Status === 'Active' }));
    },
    stop: async () => {
      iam.destroy();
      secrets.destroy();
      await rotation.stop();
    },
  };
}

function catalogOver(moto: string, mount: VaultMount, manners: MotoManners): PluginCatalog {
  return {
    ...catalog,
    issuers: {
      ...catalog.issuers,
      'aws-iam': async () => ({ ...awsIam, emulator: async () => () => startMotoIssuer(moto, manners) }),
    },
    stores: {
      ...catalog.stores,
      'hashicorp-vault': async () => ({ ...vault, emulator: async () => () => startVaultStore(mount) }),
      'aws-secrets-manager': async () => ({
        ...secretsManager,
        emulator: async () => () => startMotoStore(moto),
      }),
    },
  };
}
