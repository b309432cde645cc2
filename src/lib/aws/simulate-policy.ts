import { isRotationError } from '../../core/errors/rotation-error.ts';
import { policySourceOf } from './arn.ts';
import { awsCall } from './aws-call.ts';
import type { AwsCall } from './aws-error.ts';
import type { AwsClientConfig } from './client-config.ts';
import { makeClient } from './make-client.ts';

export type Simulation =
  | { readonly known: true; readonly denied: readonly { action: string; explicit: boolean }[] }
  /** IAM would not, or could not, tell. */
  | { readonly known: false; readonly reason: string };

interface Question {
  /** As STS names it. */
  readonly callerArn: string;
  readonly actions: readonly string[];
  readonly resource: string;
}

/**
 * Which actions the policies of a caller do not allow, as iam:SimulatePrincipalPolicy sees it. It knows neither the
 * policy of the resource nor that of the organisation. Changes nothing.
 * @throws RotationError ABORTED only: IAM may well be out of reach of where Secrets Manager is not
 */
export async function simulatePolicy(
  config: AwsClientConfig,
  question: Question,
  call: Pick<AwsCall, 'subject' | 'timeoutMs' | 'signal'>,
): Promise<Simulation> {
  const { IAMClient, SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const client = makeClient(() => new IAMClient(config));
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: policySourceOf(question.callerArn),
    ActionNames: [...question.actions],
    ResourceArns: [question.resource],
  });
  try {
    const answer = await awsCall({ ...call, action: 'look at permissions', effect: 'read' }, (options) =>
      client.send(command, options),
    );
    const decisions = new Map(
      (answer.EvaluationResults ?? []).map((result) => [result.EvalActionName, result.EvalDecision]),
    );
    if (question.actions.some((action) => !decisions.has(action)))
      return { known: false, reason: 'IAM gave no verdict' };
    const denied = question.actions
      .filter((action) => decisions.get(action) !== 'allowed')
      .map((action) => ({ action, explicit: decisions.get(action) === 'explicitDeny' }));
    return { known: true, denied };
  } catch (error) {
    if (!isRotationError(error) || error.code === 'ABORTED') throw error;
    return { known: false, reason: error.context.reason ?? error.message };
  } finally {
    client.destroy();
  }
}
