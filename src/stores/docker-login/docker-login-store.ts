import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { diskOf } from '../../lib/disk/disk-of.ts';
import { localUser } from '../../lib/local-user.ts';
import { reported } from '../../lib/store/reported.ts';
import { loadTextFile } from '../../lib/text-file/text-file.ts';
import { openTextFileStore } from '../../lib/text-file/text-file-store.ts';
import { credentialHelper } from './credential-helper.ts';
import { helperStore } from './helper-store.ts';
import { loginFormat } from './login-format.ts';
import type { DockerLoginOptions } from './options.ts';

type Operations = Pick<Store, 'preflight' | 'read' | 'write' | 'restore'>;

/** Where config.json names a credential helper for a registry, the login is there and not in the file. */
export function openDockerLoginStore({ config }: DockerLoginOptions, ctx: OpenContext): Store {
  const path = config === undefined ? usualPath() : resolve(ctx.baseDir, config);

  /** Looked up each time: a `docker login` meanwhile may have brought a helper in. */
  const operationsFor = async ({ ref }: Slot, call: CallContext): Promise<Operations> => {
    const subject = `${ctx.name}/${ref}`;
    if (call.signal.aborted) throw new RotationError('ABORTED', { subject, reason: 'asked to stop' });
    const file = await loadTextFile(path, { disk: diskOf(ctx, call), subject });
    const name = file === undefined ? undefined : helperNamed(file.text, ref);
    return name === undefined ? inFile(path, ref, ctx) : helperStore(credentialHelper(name, ctx), ctx.name);
  };

  return {
    whoami: async () => {
      const { user, host } = localUser();
      return { display: `${user}@${host}:${path}`, attributes: { host, user, config: path } };
    },
    preflight: async (slot, call) => {
      let report: Awaited<ReturnType<Store['preflight']>> | undefined;
      const findings = await reported(`${ctx.name}/${slot.ref}`, async () => {
        report = await (await operationsFor(slot, call)).preflight(slot, call);
        return [...report.findings];
      });
      return report ?? { findings, restore: 'none', cas: false };
    },
    read: async (slot, call) => (await operationsFor(slot, call)).read(slot, call),
    write: async (slot, values, expected, call) =>
      (await operationsFor(slot, call)).write(slot, values, expected, call),
    restore: async (slot, restoration, call) =>
      (await operationsFor(slot, call)).restore(slot, restoration, call),
  };
}

function usualPath(): string {
  const folder = process.env['DOCKER_CONFIG'] ?? '';
  return join(folder === '' ? join(homedir(), '.docker') : folder, 'config.json');
}

function helperNamed(text: string, registry: string): string | undefined {
  try {
    const { credHelpers, credsStore } = JSON.parse(text) as {
      credHelpers?: Readonly<Record<string, string>>;
      credsStore?: string;
    };
    const name = credHelpers?.[registry] ?? credsStore ?? '';
    return name === '' ? undefined : name;
  } catch {
    // The file says itself that it is not JSON, once it is read for its logins.
    return undefined;
  }
}

/** A slot of ours is a registry; one of the text file is the file. */
function inFile(path: string, registry: string, ctx: OpenContext): Operations {
  const files = openTextFileStore(
    { root: dirname(path), formatOf: () => loginFormat(registry) },
    // For messages: `docker/ghcr.io: config.json`.
    { ...ctx, name: `${ctx.name}/${registry}` },
  );
  const inside = ({ fields }: Slot): Slot => ({ ref: basename(path), fields });
  return {
    preflight: (slot, call) => files.preflight(inside(slot), call),
    read: async (slot, call) => {
      const found = await files.read(inside(slot), call);
      // A file without this registry has no such slot.
      return found === undefined || Object.keys(found.fields).length === 0 ? undefined : found;
    },
    write: (slot, values, expected, call) => files.write(inside(slot), values, expected, call),
    restore: (slot, restoration, call) => files.restore(inside(slot), restoration, call),
  };
}
