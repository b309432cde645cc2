import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { itemPath } from '../../lib/jenkins/item-path.ts';
import type { JenkinsClient } from '../../lib/jenkins/jenkins-client.ts';
import { jenkinsError } from '../../lib/jenkins/jenkins-error.ts';
import { fillTemplate } from '../../lib/template.ts';
import type { JenkinsJobOptions } from './options.ts';

/** A build that was asked for. Jenkins gives it a number only when it leaves the queue. */
export interface QueuedBuild {
  /** Of the job, below the root URL. */
  readonly jobPath: string;
  readonly jobName: string;
  readonly queueItem: number;
}

/** @throws RotationError REFUSED when the job is disabled, or takes other parameters; INDETERMINATE */
export async function triggerBuild(
  client: JenkinsClient,
  { job, parameters }: Pick<JenkinsJobOptions, 'job' | 'parameters'>,
  service: string,
  signal: AbortSignal,
): Promise<QueuedBuild> {
  const fill = (text: string): string => fillTemplate(text, { service }, client.name);
  // Each name by itself: a slash in the name of a service must not lead to another folder.
  const names = job.split('/').map(fill);
  const jobPath = itemPath(names);
  const jobName = names.join('/');
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) form.append(name, fill(String(value)));
  const about: About = { subject: client.name, action: `build the job ${jobName}`, effect: 'write' };
  const answer = await client.post(
    `${jobPath}/${parameters === undefined ? 'build' : 'buildWithParameters'}`,
    { type: 'application/x-www-form-urlencoded', text: form.toString() },
    about.action,
    signal,
  );
  const queueItem = /\/queue\/item\/(\d+)\/?$/.exec(answer.headers['location'] ?? '')?.[1];
  if (answer.status === 201 && queueItem !== undefined)
    return { jobPath, jobName, queueItem: Number(queueItem) };
  throw refusal(answer, about);
}

function refusal(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  switch (answer.status) {
    case 201:
      return strangeAnswer(answer, about);
    case 400:
      return new RotationError('REFUSED', {
        subject,
        action,
        reason: 'the job takes other parameters than it was given (status 400)',
        hint: 'Give `parameters` for a job that has some (`{}` for their defaults), and leave it out for one that has none.',
      });
    case 409:
      return new RotationError('REFUSED', {
        subject,
        action,
        reason: 'the job is disabled, or cannot be built (status 409)',
        hint: 'Enable the job in Jenkins, then run `keyturn resume`.',
      });
    default:
      return jenkinsError(answer, about);
  }
}
