import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { apiAnswer, pageOf, refusal } from '../../lib/github/emulator/emulated-answers.ts';
import type { EmulatedCall } from '../../lib/github/emulator/emulated-call.ts';
import { type EmulatedGithub, startEmulatedGithub } from '../../lib/github/emulator/emulated-github.ts';

export interface GithubWorkflowEmulator extends ReloadEmulator {
  readonly github: EmulatedGithub;
  /** Answers as an Enterprise Server that does not know `return_run_details`. */
  beOld(): void;
  /** How the next runs end, and how many looks find them on the way. */
  plan(next: { readonly conclusion?: string; readonly status?: string; readonly looks?: number }): void;
  /** Inputs of every run there was. */
  inputs(): readonly JsonObject[];
}

interface EmulatedRun {
  readonly id: number;
  readonly branch: string;
  readonly inputs: JsonObject;
  readonly status: string;
  readonly conclusion: string;
  looksLeft: number;
}

const DEFAULT: JsonObject = {
  repository: 'acme/shop',
  workflow: 'deploy.yml',
  inputs: { service: '{{service}}' },
};

/** Workflows that can be dispatched, and their runs. Looks are counted, so that nobody waits. */
export async function startGithubWorkflowEmulator(): Promise<GithubWorkflowEmulator> {
  const runs: EmulatedRun[] = [];
  let next = { conclusion: 'success', status: 'in_progress', looks: 1 };
  let old = false;
  let failing = false;

  const dispatch = ({ body }: EmulatedCall): EmulatedAnswer => {
    const { ref, inputs = {}, return_run_details: details, ...others } = body;
    const unknown = Object.keys({
      ...others,
      ...(old && details !== undefined ? { return_run_details: 1 } : {}),
    });
    if (unknown.length > 0)
      return refusal(422, `Invalid request.\n\n"${unknown[0]}" is not a permitted key.`);
    if (typeof ref !== 'string') return refusal(422, 'Invalid request.\n\n"ref" wasn\'t supplied.');
    if (failing) {
      failing = false;
      return refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
    }
    const id = 30_433_642 + runs.length;
    const { looks: looksLeft, ...end } = next;
    runs.push({
      id,
      branch: ref.replace(/^refs\/heads\//, ''),
      inputs: inputs as JsonObject,
      ...end,
      looksLeft,
    });
    if (details !== true) return { status: 204 };
    return apiAnswer(200, { workflow_run_id: id, run_url: `x/runs/${id}`, html_url: pageOfRun(id) });
  };

  const github = await startEmulatedGithub({
    isWrite: ({ path }) => path.endsWith('/dispatches'),
    route: (call) => {
      const [repos, , , actions, list, id, what] = call.segments;
      if (repos !== 'repos' || actions !== 'actions') return undefined;
      if (list === 'runs') {
        const run = runs.find((each) => String(each.id) === id);
        return run === undefined ? undefined : apiAnswer(200, look(run));
      }
      if (list !== 'workflows' || what === undefined) return undefined;
      if (what === 'dispatches') return dispatch(call);
      return pageOf(runs.toReversed().map(look), 'workflow_runs', call.query);
    },
  });

  return {
    github,
    beOld: () => {
      old = true;
    },
    plan: (planned) => {
      next = { ...next, ...planned };
    },
    inputs: () => runs.map(({ inputs }) => inputs),
    options: (original = DEFAULT) => {
      const { ca: _ca, ...theirs } = original;
      return { ...theirs, ...github.connection(original) };
    },
    resolve: github.resolve,
    inject: github.server.inject,
    effects: () => runs.length,
    failNext: () => {
      failing = true;
    },
    stop: github.server.stop,
  };
}

function look(run: EmulatedRun): JsonObject {
  const { id, branch, conclusion, status } = run;
  const common = { id, head_branch: branch, event: 'workflow_dispatch', html_url: pageOfRun(id) };
  if (run.looksLeft === 0) return { ...common, status: 'completed', conclusion };
  run.looksLeft -= 1;
  return { ...common, status, conclusion: null };
}

function pageOfRun(id: number): string {
  return `https://github.example/acme/shop/actions/runs/${id}`;
}
