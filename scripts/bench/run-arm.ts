/** Runs one arm and sends its result to the parent: each in a fresh process, so that none inherits another's heap. */
import type { Arm, ArmSettings } from './arms/arm.ts';
import { leanAxios, ourClient, tunedAxios, undici } from './arms/bare-clients.ts';
import { bareLoop } from './arms/bare-loop.ts';
import { enginePush } from './arms/engine-push.ts';

const ARMS = {
  engine: enginePush('version'),
  'engine-sealing': enginePush('value'),
  client: bareLoop(ourClient),
  axios: bareLoop(tunedAxios),
  'lean-axios': bareLoop(leanAxios),
  undici: bareLoop(undici),
} satisfies Record<string, Arm>;

export type ArmName = keyof typeof ARMS;

const WARM_UP = 300;

const name = process.argv[2] as ArmName;
const settings = JSON.parse(process.argv[3] ?? '{}') as ArmSettings;
await ARMS[name]({ ...settings, round: `${settings.round}-warm-up`, targets: WARM_UP });
const result = await ARMS[name](settings);
process.send?.({ ...result, peakMb: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();
