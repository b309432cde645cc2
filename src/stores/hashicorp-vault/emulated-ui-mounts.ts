import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { answered, failed } from '../../lib/vault/emulator/answers.ts';
import type { ServerState } from '../../lib/vault/emulator/system.ts';
import type { EmulatedMounts } from './emulated-mounts.ts';

const PREFIX = 'sys/internal/ui/mounts/';

/** What kind of mount a path is on; undefined for every other question. */
export function uiMounts(
  path: string,
  mounts: EmulatedMounts,
  state: ServerState,
): EmulatedAnswer | undefined {
  return path.startsWith(PREFIX) ? mountOf(path.slice(PREFIX.length), mounts, state) : undefined;
}

/** Told to whoever has some right inside the mount; a mount that is not there looks the same as a forbidden one. */
function mountOf(path: string, mounts: EmulatedMounts, { policy }: ServerState): EmulatedAnswer {
  const mount = mounts.find(path);
  const visible =
    policy === undefined || Object.keys(policy).some((rule) => rule.startsWith(`${mount?.at}/`));
  if (mount === undefined || !visible) {
    const advice = "please ensure client's policies grant access to path";
    return failed(403, `preflight capability check returned 403, ${advice} "${path}/"`);
  }
  const version = mount.kv?.kvVersion;
  const options = version === undefined ? {} : { version: String(version) };
  return answered(JSON.stringify({ path: `${mount.at}/`, type: mount.type, options }));
}
