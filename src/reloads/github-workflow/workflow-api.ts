import type { JsonObject } from '../../core/json.ts';
import type { GithubClient } from '../../lib/github/github-client.ts';
import { githubError, wordsOf } from '../../lib/github/github-error.ts';
import { type About, jsonOf, recordIn, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { type Run, runIn } from './run.ts';

/** What GitHub offers for one workflow. Every method throws RotationErrors only. */
export interface WorkflowApi {
  /**
   * Starts a run; gives its id, or undefined where the server does not tell it (Enterprise Server before it learnt to).
   * @throws RotationError INDETERMINATE when the answer was lost: there may be a run
   */
  dispatch(branch: string, inputs: JsonObject, signal: AbortSignal): Promise<number | undefined>;
  run(id: number, signal: AbortSignal): Promise<Run>;
  /** The latest runs that were started as ours is, newest first. */
  latestRuns(signal: AbortSignal): Promise<readonly Run[]>;
}

const DETAILS_UNKNOWN = /return_run_details.*not a permitted key/;

export function createWorkflowApi(
  client: GithubClient,
  workflow: { readonly repository: string; readonly workflow: string },
): WorkflowApi {
  const actions = `/repos/${workflow.repository}/actions`;
  const own = `${actions}/workflows/${encodeURIComponent(workflow.workflow)}`;
  const subject = client.name;
  const starting: About = {
    subject,
    action: `start ${workflow.workflow} in ${workflow.repository}`,
    effect: 'write',
  };
  const looking: About = { subject, action: 'look at the run of the workflow', effect: 'read' };

  const post = (body: JsonObject, signal: AbortSignal): Promise<HttpAnswer> =>
    client.send({ ...starting, method: 'POST', path: `${own}/dispatches`, body }, signal);

  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await client.send({ ...looking, method: 'GET', path }, signal);
    if (answer.status !== 200) throw githubError(answer, looking);
    return answer;
  };

  return {
    dispatch: async (branch, inputs, signal) => {
      const body = { ref: branch, inputs };
      const answer = await post({ ...body, return_run_details: true }, signal);
      const refused = answer.status === 422 && DETAILS_UNKNOWN.test(wordsOf(answer) ?? '');
      // A refused request has started nothing.
      return startedRun(refused ? await post(body, signal) : answer, starting);
    },

    run: async (id, signal) => {
      const answer = await get(`${actions}/runs/${id}`, signal);
      const run = runIn(jsonOf(answer, looking));
      if (run === undefined) throw strangeAnswer(answer, looking);
      return run;
    },

    latestRuns: async (signal) => {
      const answer = await get(`${own}/runs?event=workflow_dispatch&per_page=100`, signal);
      const { workflow_runs: runs } = recordIn(answer, looking) as { workflow_runs?: unknown };
      if (!Array.isArray(runs)) throw strangeAnswer(answer, looking);
      return runs.map(runIn).filter((run) => run !== undefined);
    },
  };
}

function startedRun(answer: HttpAnswer, about: About): number | undefined {
  if (answer.status === 204) return undefined;
  if (answer.status !== 200) throw githubError(answer, about);
  const { workflow_run_id: id } = recordIn(answer, about) as { workflow_run_id?: unknown };
  if (typeof id !== 'number') throw strangeAnswer(answer, about);
  return id;
}
