/** What GitHub tells of a run of a workflow. */
export interface Run {
  readonly id: number;
  /** `completed`, or how far it is: `queued`, `in_progress`, `waiting` (for an approval) … */
  readonly status: string;
  /** Of a completed run: `success`, `failure`, `cancelled`, `timed_out` … */
  readonly conclusion: string | undefined;
  /** The page a person looks at. */
  readonly url: string;
  readonly branch: string | undefined;
}

/** Undefined when it describes no run. */
export function runIn(body: unknown): Run | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { id, status, conclusion, html_url, head_branch } = body as Record<string, unknown>;
  if (typeof id !== 'number' || typeof status !== 'string') return undefined;
  return {
    id,
    status,
    conclusion: typeof conclusion === 'string' ? conclusion : undefined,
    url: typeof html_url === 'string' ? html_url : `run ${id}`,
    branch: typeof head_branch === 'string' ? head_branch : undefined,
  };
}
