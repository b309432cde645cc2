import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { CircleciClient } from '../../lib/circleci/circleci-client.ts';
import { projectPath } from '../../lib/circleci/project-slug.ts';
import { readList } from '../../lib/circleci/read-list.ts';
import { quoted } from '../../lib/quoted.ts';
import type { CircleciPipelineOptions } from './options.ts';

export interface Workflow {
  readonly name: string;
  readonly status: string;
}

/** A pipeline as it stands. */
export interface Pipeline {
  /** `created` once its config has been worked through and its workflows are there. */
  readonly state: string;
  /** What is wrong with its config. */
  readonly errors: readonly string[];
  readonly workflows: readonly Workflow[];
}

export interface PipelineApi {
  /** @throws RotationError CHECK_FAILED when CircleCI skips it; INDETERMINATE */
  trigger(
    parameters: JsonObject,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly number: number }>;
  look(id: string, signal: AbortSignal): Promise<Pipeline>;
}

export function createPipelineApi(client: CircleciClient, options: CircleciPipelineOptions): PipelineApi {
  const subject = client.name;
  return {
    trigger: async (parameters, signal) => {
      const about = { subject, action: 'trigger the pipeline', effect: 'write' } as const;
      const { path, body } = triggerRequest(options, parameters);
      const told = await client.ask({ ...about, method: 'POST', path, body }, signal);
      const { id, number, message } = told;
      if (typeof id === 'string' && typeof number === 'number') return { id, number };
      if (typeof message !== 'string') {
        throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer names no pipeline' });
      }
      // A commit that asks to be left alone ([ci skip]) gets 200 and a reason.
      const reason = `CircleCI has not run it: ${quoted(message)}`;
      throw new RotationError('CHECK_FAILED', { ...about, reason });
    },

    // The state first: once it is `created`, the workflows listed after it are all there.
    look: async (id, signal) => {
      const about = { subject, action: 'look at the pipeline' };
      const path = `/pipeline/${encodeURIComponent(id)}`;
      const { state, errors } = await client.ask({ ...about, effect: 'read', method: 'GET', path }, signal);
      const items = await readList(client, { path: `${path}/workflow` }, about, signal);
      return {
        state: textIn(state),
        errors: Array.isArray(errors) ? errors.map(messageOf) : [],
        workflows: items.map(({ name, status }) => ({ name: textIn(name), status: textIn(status) })),
      };
    },
  };
}

/** Only the newer of the two ways knows pipeline definitions; the older one is in every CircleCI server. */
function triggerRequest(
  { project, branch, tag, definition }: CircleciPipelineOptions,
  parameters: JsonObject,
): { readonly path: string; readonly body: JsonObject } {
  const at = { ...(branch === undefined ? {} : { branch }), ...(tag === undefined ? {} : { tag }) };
  const path = `${projectPath(project)}/pipeline`;
  if (definition === undefined) return { path, body: { ...at, parameters } };
  return { path: `${path}/run`, body: { definition_id: definition, config: at, checkout: at, parameters } };
}

function textIn(told: unknown): string {
  return typeof told === 'string' ? told : 'unknown';
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? quoted(message) : 'no reason given';
}
