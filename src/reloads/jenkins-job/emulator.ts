import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import {
  CONTEXT_PATH,
  createEmulatedController,
  type EmulatedController,
  json,
  page,
} from '../../lib/jenkins/emulated-controller.ts';

/** A build as an emulated Jenkins runs it: counted in looks, so that nobody has to sleep. */
export interface EmulatedBuild {
  readonly jobPath: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined until it leaves the queue. */
  number: number | undefined;
  looksInQueue: number;
  looksRunning: number;
  cancelled: boolean;
  /** Jenkins tells a result before the build is over: the worst so far. */
  resultSoFar: string | null;
  result: string;
}

export interface JenkinsJobEmulator extends ReloadEmulator {
  readonly server: LoopbackServer;
  readonly controller: EmulatedController;
  /** By number of the queue item, from 1. */
  readonly builds: EmulatedBuild[];
  /** What the next builds are like. */
  readonly next: Pick<EmulatedBuild, 'looksInQueue' | 'looksRunning' | 'resultSoFar' | 'result'>;
  /** Paths of the jobs that are disabled. */
  readonly disabled: Set<string>;
  /** Paths of the jobs that take parameters; others take none. Undefined: whatever is asked for is right. */
  parameterized: ReadonlySet<string> | undefined;
}

const DEFAULT_RELOAD: JsonObject = {
  job: 'deploy/{{service}}',
  parameters: { REASON: 'key rotation' },
  interval: '1s',
};

export async function startJenkinsJobEmulator(): Promise<JenkinsJobEmulator> {
  const controller = createEmulatedController();
  const builds: EmulatedBuild[] = [];
  let effects = 0;
  let failing = false;

  const trigger = (jobPath: string, how: string, request: EmulatedRequest): EmulatedAnswer => {
    if (emulator.disabled.has(jobPath)) return page(409, `${jobPath} is not buildable`);
    const takes = emulator.parameterized?.has(jobPath);
    if (how === 'build' && takes === true) return page(400, 'Nothing is submitted');
    if (how === 'buildWithParameters' && takes === false) return page(400, 'This job is not parameterized');
    if (failing) {
      failing = false;
      return page(409, `${jobPath} is not buildable`);
    }
    const parameters = Object.fromEntries(new URLSearchParams(request.body));
    builds.push({ jobPath, parameters, number: undefined, cancelled: false, ...emulator.next });
    effects += 1;
    // The address Jenkins was configured with, which need not be the one it was reached at.
    return {
      status: 201,
      headers: { location: `https://ci.example.com${CONTEXT_PATH}/queue/item/${builds.length}/` },
    };
  };

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const { method, path } = request;
    const item = /^\/queue\/item\/(\d+)\/api\/json$/.exec(path)?.[1];
    if (item !== undefined) return queueItem(builds, Number(item));
    const [, job = '', last = ''] = /^((?:\/job\/[^/]+)+)\/(.+)$/.exec(path) ?? [];
    if (method === 'POST' && /^build(WithParameters)?$/.test(last)) return trigger(job, last, request);
    const number = /^(\d+)\/api\/json$/.exec(last)?.[1];
    const build = builds.find((each) => each.jobPath === job && each.number === Number(number));
    return build === undefined ? page(404, 'Not Found') : runningBuild(build);
  };

  const server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    handle: (request) => controller.enter(request, handle),
    errorBody: (status) => {
      const { body = '', headers = {} } = page(status, 'injected');
      return { body, headers };
    },
  });

  const emulator: JenkinsJobEmulator = {
    server,
    controller,
    builds,
    next: { looksInQueue: 1, looksRunning: 1, resultSoFar: null, result: 'SUCCESS' },
    disabled: new Set(),
    parameterized: undefined,
    options: (original = DEFAULT_RELOAD) => controller.options(server.url, original),
    resolve: controller.resolve,
    inject: server.inject,
    effects: () => effects,
    failNext: () => {
      failing = true;
    },
    stop: server.stop,
  };
  return emulator;
}

function queueItem(builds: readonly EmulatedBuild[], item: number): EmulatedAnswer {
  const build = builds[item - 1];
  if (build === undefined) return page(404, 'Not Found');
  if (build.cancelled) return json({ _class: 'hudson.model.Queue$LeftItem', cancelled: true, why: null });
  if (build.looksInQueue > 0) {
    build.looksInQueue -= 1;
    return json({ _class: 'hudson.model.Queue$WaitingItem', why: 'In the quiet period. Expires in 4.9 sec' });
  }
  build.number ??= 40 + item;
  const { number, jobPath } = build;
  const url = `https://ci.example.com${CONTEXT_PATH}${jobPath}/${number}/`;
  return json({
    _class: 'hudson.model.Queue$LeftItem',
    cancelled: false,
    why: null,
    executable: { number, url },
  });
}

function runningBuild(build: EmulatedBuild): EmulatedAnswer {
  if (build.looksRunning > 0) {
    build.looksRunning -= 1;
    return json({
      _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
      building: true,
      result: build.resultSoFar,
    });
  }
  return json({
    _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
    building: false,
    result: build.result,
  });
}
