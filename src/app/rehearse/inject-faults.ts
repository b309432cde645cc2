import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Probe } from '../../engine/driver.ts';
import { checkSubject } from '../plan/bound-plan.ts';
import type { EmulatedWorld } from './emulated-world.ts';
import type { FaultSpec } from './fault-spec.ts';

/** Stands in for SIGKILL in a rehearsal: no code of the engine may catch it, and nothing is undone. */
export class RehearsedKill extends Error {
  override readonly name = 'RehearsedKill';
}

export interface InjectedFaults {
  readonly probe: Probe;
  readonly catalog: PluginCatalog;
  /** The faults that have struck, as `kind@step id`. */
  readonly struck: readonly string[];
}

type Breakable = Pick<StoreEmulator, 'inject'>;

/** Arms each fault for the first step whose id begins with its name; each strikes once. */
export function injectFaults(world: EmulatedWorld, faults: readonly FaultSpec[]): InjectedFaults {
  const armed = new Set(faults);
  const struck: string[] = [];

  const take = (kind: FaultSpec['kind'], stepId: string): boolean => {
    for (const fault of armed) {
      if (fault.kind !== kind || !stepId.startsWith(fault.step)) continue;
      armed.delete(fault);
      struck.push(`${kind}@${stepId}`);
      return true;
    }
    return false;
  };

  const probe: Probe = (point, stepId) => {
    if (point === 'after-effect' && take('kill', stepId))
      throw new RehearsedKill(`killed right after ${stepId} had its effect`);
    if (point !== 'after-intent') return;
    const emulator = emulatorOf(world, stepId);
    if (emulator?.inject === undefined) return;
    // A check only asks.
    const on = stepId.startsWith('check:') ? 'any' : 'write';
    if (take('429', stepId)) void emulator.inject({ on, kind: 'status', status: 429, retryAfter: 1 });
    if (take('lost-answer', stepId)) void emulator.inject({ on, kind: 'lost-answer' });
  };

  return {
    probe,
    struck,
    catalog: failingChecks(world.catalog, (service) => take('failed-check', `check:${service}`)),
  };
}

/** The system a step has to do with. */
function emulatorOf(world: EmulatedWorld, stepId: string): Breakable | undefined {
  if (['create-key', 'deactivate-key', 'delete-key'].includes(stepId)) return world.issuer;
  const [kind, about] = [stepId.slice(0, stepId.indexOf(':')), stepId.slice(stepId.indexOf(':') + 1)];
  if (kind === 'reload') return world.reloads.get(about);
  if (kind === 'check') {
    const slash = about.indexOf('/');
    return world.checks.get(checkSubject(about.slice(0, slash), about.slice(slash + 1)));
  }
  const name = [...world.stores.keys()].find((store) => about.startsWith(`${store}/`));
  return name === undefined ? undefined : world.stores.get(name);
}

/** Fails the first check of a service after the push; its baseline, asked before, has passed. */
function failingChecks(catalog: PluginCatalog, strikes: (service: string) => boolean): PluginCatalog {
  const seen = new Set<string>();
  const checks = Object.fromEntries(
    Object.entries(catalog.checks).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const check = await open(options, ctx);
          return {
            run: async (subject, call) => {
              const baseline = !seen.has(ctx.name);
              seen.add(ctx.name);
              if (!baseline && strikes(subject.service))
                return { verdict: 'fail', summary: 'failed by --fault', evidence: {} };
              return check.run(subject, call);
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
  return { ...catalog, checks };
}
