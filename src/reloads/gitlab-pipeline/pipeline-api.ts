import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { idOf } from '../../lib/gitlab/full-path.ts';
import type { GitlabClient, GitlabObject } from '../../lib/gitlab/gitlab-client.ts';
import { readList } from '../../lib/gitlab/read-list.ts';
import type { About } from '../../lib/http/answer.ts';

/** A pipeline, or a job of one. */
export interface Run {
  readonly id: number;
  /** `created`, `pending`, `running`, `manual`, `success`, `failed`, `canceled`, `skipped` … */
  readonly status: string;
  /** The page a person looks at. */
  readonly url: string;
}

/** What GitLab offers for the pipelines of one project. Every method throws RotationErrors only. */
export interface PipelineApi {
  /** @throws RotationError REFUSED when there is no such branch, or nothing to run; INDETERMINATE */
  create(body: JsonObject, signal: AbortSignal): Promise<Run>;
  pipeline(id: number, signal: AbortSignal): Promise<Run>;
  /** The latest job of this name; undefined when the pipeline has none. */
  job(pipeline: number, name: string, signal: AbortSignal): Promise<Run | undefined>;
  /** Starts a manual job. @throws RotationError INDETERMINATE */
  play(job: number, signal: AbortSignal): Promise<void>;
}

export function createPipelineApi(client: GitlabClient, project: string): PipelineApi {
  const base = `/projects/${idOf(project)}`;
  const aboutOf = (action: string, effect: About['effect']): About => ({
    subject: client.name,
    action,
    effect,
  });
  return {
    create: async (body, signal) => {
      const about = aboutOf(`run a pipeline of ${project}`, 'write');
      return runIn(
        await client.ask({ ...about, method: 'POST', path: `${base}/pipeline`, body }, signal),
        about,
      );
    },

    pipeline: async (id, signal) => {
      const about = aboutOf(`look at pipeline ${id} of ${project}`, 'read');
      return runIn(
        await client.ask({ ...about, method: 'GET', path: `${base}/pipelines/${id}` }, signal),
        about,
      );
    },

    job: async (pipeline, name, signal) => {
      const about = aboutOf(`look at the jobs of pipeline ${pipeline} of ${project}`, 'read');
      const jobs = await readList(client, `${base}/pipelines/${pipeline}/jobs`, about, signal);
      const named = jobs.filter((job) => job['name'] === name).map((job) => runIn(job, about));
      return named.sort((a, b) => b.id - a.id)[0];
    },

    play: async (job, signal) => {
      const about = aboutOf(`start job ${job} of ${project}`, 'write');
      runIn(await client.ask({ ...about, method: 'POST', path: `${base}/jobs/${job}/play` }, signal), about);
    },
  };
}

function runIn(told: GitlabObject, about: About): Run {
  const { id, status, web_url: url } = told;
  if (typeof id === 'number' && typeof status === 'string') {
    return { id, status, url: typeof url === 'string' ? url : `number ${id}` };
  }
  throw new RotationError(about.effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE', {
    ...about,
    reason: 'the answer describes no pipeline or job',
  });
}
