import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import {
  bodyOf,
  EMULATED_TOKEN,
  errorBody,
  json,
  pageOf,
  problem,
  segmentsOf,
  tokenOf,
} from '../../lib/gitlab/emulator/answers.ts';

interface EmulatedRun {
  readonly id: number;
  readonly name: string;
  status: string;
  /** How it ends. */
  readonly end: string;
  /** How many looks find it on the way, once it runs. */
  looksLeft: number;
}

interface EmulatedPipeline extends EmulatedRun {
  readonly project: string;
  readonly body: JsonObject;
  readonly jobs: EmulatedRun[];
}

export interface Plan {
  /** How the next pipelines end; `manual` for one that is blocked. */
  readonly end?: string;
  readonly looks?: number;
  /** Jobs of the next pipelines: name → `manual`, or how they end. */
  readonly jobs?: Readonly<Record<string, string>>;
  /** How jobs end that were started by hand. */
  readonly played?: string;
}

export interface GitlabPipelineEmulator extends ReloadEmulator {
  readonly server: LoopbackServer;
  readonly pipelines: readonly EmulatedPipeline[];
  plan(next: Plan): void;
}

const DEFAULT: JsonObject = { project: 'acme/shop', variables: { SERVICE: '{{service}}' } };

/** Pipelines of any project, and their jobs. Looks are counted, so that nobody waits. */
export async function startGitlabPipelineEmulator(): Promise<GitlabPipelineEmulator> {
  const token = ['gl', 'pat-', randomBytes(15).toString('base64url')].join('');
  const pipelines: EmulatedPipeline[] = [];
  let next: Required<Plan> = { end: 'success', looks: 1, jobs: {}, played: 'success' };
  let failing = false;
  let numbers = 500;
  const number = (): number => {
    numbers += 1;
    return numbers;
  };

  const create = (request: EmulatedRequest, project: string): EmulatedAnswer => {
    const body = bodyOf(request) as JsonObject;
    if (typeof body['ref'] !== 'string') return json(400, { error: 'ref is missing' });
    if (failing) {
      failing = false;
      return problem(400, { base: ['Reference not found'] });
    }
    const jobs = Object.entries(next.jobs).map(([name, plan]) => {
      const end = plan === 'manual' ? next.played : plan;
      // A job that does not wait for somebody runs.
      return { id: number(), name, end, looksLeft: next.looks, status: plan === 'manual' ? plan : 'running' };
    });
    const pipeline = { id: number(), name: '', status: 'running', end: next.end, looksLeft: next.looks };
    pipelines.push({ ...pipeline, project, body, jobs });
    return json(201, { ...shown(pipeline), status: 'created' });
  };

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    if (tokenOf(request) !== token) return problem(401);
    const [projects, project = '', area, id, last] = segmentsOf(request);
    if (projects !== 'projects') return problem(404);
    if (request.method === 'POST' && area === 'pipeline') return create(request, project);
    if (request.method === 'POST' && area === 'jobs' && last === 'play')
      return play(pipelines, project, Number(id));
    const pipeline = pipelines.find((each) => each.project === project && String(each.id) === id);
    if (area !== 'pipelines' || pipeline === undefined) return problem(404);
    return last === 'jobs' ? pageOf(pipeline.jobs.map(look), request) : json(200, look(pipeline));
  };

  const server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle,
    errorBody,
  });

  return {
    server,
    pipelines,
    plan: (planned) => {
      next = { ...next, ...planned };
    },
    options: (original = DEFAULT) => {
      const { ca: _ca, job, ...theirs } = original;
      const address = { address: server.url, token: EMULATED_TOKEN };
      if (typeof job !== 'string') return { ...theirs, ...address };
      // Which services there are is not known here: one job stands for all.
      const name = job.includes('{{') ? 'the job of the service' : job;
      next = { ...next, jobs: { [name]: 'manual', ...next.jobs } };
      return { ...theirs, ...address, job: name };
    },
    resolve: (reference) => (reference === EMULATED_TOKEN ? token : undefined),
    inject: server.inject,
    effects: () => pipelines.length,
    failNext: () => {
      failing = true;
    },
    stop: server.stop,
  };
}

function play(pipelines: readonly EmulatedPipeline[], project: string, id: number): EmulatedAnswer {
  const job = pipelines
    .filter((each) => each.project === project)
    .flatMap(({ jobs }) => jobs)
    .find((each) => each.id === id);
  if (job === undefined) return problem(404);
  if (job.status !== 'manual') return problem(400, '400 Bad request - Unplayable Job');
  job.status = 'running';
  return json(200, { ...shown(job), status: 'pending' });
}

function look(run: EmulatedRun): object {
  if (run.status === 'running' && run.looksLeft === 0) run.status = run.end;
  if (run.status === 'running') run.looksLeft -= 1;
  return shown(run);
}

function shown({ id, name, status }: EmulatedRun): object {
  return { id, name, status, web_url: `https://gitlab.example/acme/shop/-/pipelines/${id}` };
}
