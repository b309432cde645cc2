import type { PipelineApi, Run } from './pipeline-api.ts';

/** What one look sees. */
export interface Look {
  /** It is over, or goes no further by itself. */
  readonly settled: boolean;
  readonly run: Run | undefined;
  /** For people: how it ended, or what it waits for. */
  readonly summary: string;
}

/** What no wait will change. `manual` of a pipeline: it waits for a person. */
const OVER = new Set(['success', 'failed', 'canceled', 'skipped']);

/** One look at the pipeline, or at a job of it, which is started when it waits for that. */
export async function lookAtRun(
  api: PipelineApi,
  pipeline: number,
  job: string | undefined,
  signal: AbortSignal,
): Promise<Look> {
  if (job !== undefined) return jobLook(api, pipeline, job, signal);
  const run = await api.pipeline(pipeline, signal);
  if (run.status === 'manual')
    return { settled: true, run, summary: 'it waits for somebody to start a manual job' };
  return { settled: OVER.has(run.status), run, summary: `it is ${run.status}` };
}

async function jobLook(api: PipelineApi, pipeline: number, name: string, signal: AbortSignal): Promise<Look> {
  const run = await api.job(pipeline, name, signal);
  if (run === undefined) return { settled: true, run, summary: `the pipeline has no job called ${name}` };
  if (run.status !== 'manual')
    return { settled: OVER.has(run.status), run, summary: `the job ${name} is ${run.status}` };
  await api.play(run.id, signal);
  return { settled: false, run, summary: `the job ${name} was started` };
}
