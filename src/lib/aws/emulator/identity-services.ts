import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';
import { ACCOUNT, type EmulatedIdentity } from './identity.ts';
import { memberList, queryAnswer } from './query-protocol.ts';

/** STS GetCallerIdentity. */
export function answerCallerIdentity(caller: Pick<EmulatedIdentity, 'arn' | 'userId'>): EmulatedAnswer {
  return queryAnswer('sts', 'GetCallerIdentity', {
    Arn: caller.arn,
    UserId: caller.userId,
    Account: ACCOUNT,
  });
}

/** IAM SimulatePrincipalPolicy: everything is allowed but what is denied. */
export function answerSimulation(parameters: URLSearchParams, denied: ReadonlySet<string>): EmulatedAnswer {
  const resource = parameters.get('ResourceArns.member.1') ?? '*';
  return queryAnswer('iam', 'SimulatePrincipalPolicy', {
    IsTruncated: 'false',
    EvaluationResults: memberList(parameters, 'ActionNames').map((action) => ({
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: denied.has(action) ? 'implicitDeny' : 'allowed',
    })),
  });
}
