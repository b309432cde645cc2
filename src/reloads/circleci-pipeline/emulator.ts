import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import {
  API,
  bodyOf,
  EMULATED_TOKEN,
  errorBody,
  json,
  pageOf,
  problem,
} from '../../lib/circleci/emulator/answers.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';

/** What a look at a pipeline finds. */
export interface Moment {
  readonly state: string;
  readonly errors?: readonly { readonly type: string; readonly message: string }[];
  readonly workflows: readonly { readonly name: string; readonly status: string }[];
}

export interface CircleciPipelineEmulator extends ReloadEmulator {
  readonly server: LoopbackServer;
  /** How pipelines go from now on, look by look; the last moment stays. */
  play(moments: readonly Moment[]): void;
  /** Commits ask CircleCI to be left alone from now on. */
  skip(): void;
}

const USUAL: readonly Moment[] = [
  { state: 'pending', workflows: [] },
  { state: 'created', workflows: statuses({ build: 'running', deploy: 'on_hold', lint: 'not_run' }) },
  { state: 'created', workflows: statuses({ build: 'success', deploy: 'success', lint: 'success' }) },
];

/** Small, so that the list of workflows has more than one page. */
const PAGE = 2;

const DEFAULTS: JsonObject = {
  project: 'gh/acme/checkout',
  branch: 'main',
  interval: '1s',
  parameters: { reason: 'rotation of {{service}}' },
};

/** Pipelines that go as they are told to: time is counted in looks. */
export async function startCircleciPipelineEmulator(): Promise<CircleciPipelineEmulator> {
  const token = ['CCI', 'PAT_', randomBytes(24).toString('hex')].join('');
  const pipelines = new Map<string, { readonly script: readonly Moment[]; looks: number }>();
  let script = USUAL;
  let failing = false;
  let skipping = false;

  const trigger = (request: EmulatedRequest): EmulatedAnswer => {
    if (failing) {
      failing = false;
      return problem(400, 'Branch not found');
    }
    const { parameters } = bodyOf(request);
    if (typeof parameters !== 'object') return problem(400, 'parameters: must be an object');
    if (skipping) return json(200, { message: 'Pipeline was skipped: the commit message asks for it.' });
    const id = randomUUID();
    pipelines.set(id, { script, looks: 0 });
    return json(201, {
      id,
      number: pipelines.size,
      state: 'pending',
      created_at: '2025-01-01T00:00:00.000Z',
    });
  };

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    if (request.headers['circle-token'] !== token) return problem(401);
    const [area, id = '', part] = request.path.slice(API.length + 1).split('/');
    if (request.method === 'POST')
      return area === 'project' && /\/pipeline(?:\/run)?$/.test(request.path)
        ? trigger(request)
        : problem(404);
    const pipeline = area === 'pipeline' ? pipelines.get(id) : undefined;
    if (pipeline === undefined) return problem(404, 'Pipeline not found');
    if (part === undefined) pipeline.looks += 1;
    const moment = pipeline.script[Math.min(pipeline.looks, pipeline.script.length) - 1];
    if (part === 'workflow') return pageOf(moment?.workflows ?? [], request, PAGE);
    return json(200, { id, state: moment?.state, errors: moment?.errors ?? [] });
  };

  const server = await startLoopbackServer({ isWrite: ({ method }) => method !== 'GET', handle, errorBody });

  return {
    server,
    play: (moments) => {
      script = moments;
    },
    skip: () => {
      skipping = true;
    },
    options: ({ ca: _ca, ...original } = DEFAULTS) => ({
      ...original,
      address: server.url,
      token: EMULATED_TOKEN,
    }),
    resolve: (reference) => (reference === EMULATED_TOKEN ? token : undefined),
    inject: server.inject,
    effects: () => pipelines.size,
    failNext: () => {
      failing = true;
    },
    stop: server.stop,
  };
}

export function statuses(of: Readonly<Record<string, string>>): Moment['workflows'] {
  return Object.entries(of).map(([name, status]) => ({ name, status }));
}
