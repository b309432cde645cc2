import type { EmulatedIdentity } from '../../lib/aws/emulator/identity.ts';
import { answerCallerIdentity, answerSimulation } from '../../lib/aws/emulator/identity-services.ts';
import { queryError, queryParameters } from '../../lib/aws/emulator/query-protocol.ts';
import { isSignedWith, signingKeyOf } from '../../lib/aws/emulator/verify-signature.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { carryOut, errorAnswer, type Input, type Secrets } from './emulated-operations.ts';
import { CURRENT } from './labels.ts';

interface Account {
  readonly secrets: Secrets;
  readonly identity: EmulatedIdentity;
  /** IAM actions that are refused, here and in simulations. */
  readonly denied: ReadonlySet<string>;
  /** Called for every write that was carried out. */
  readonly onEffect: () => void;
}

/** Secrets Manager, and what of STS and IAM a store asks, at one address. */
export function secretsManagerService(account: Account): EmulatedService {
  return {
    isWrite: changesWhatIsLive,
    handle: (request) => {
      const parameters = queryParameters(request);
      if (parameters !== undefined) return identityAnswer(account, parameters);
      const answer = secretsAnswer(account, request);
      if (answer.status === 200 && changesWhatIsLive(request)) account.onEffect();
      return answer;
    },
    errorBody: (status) => errorAnswerOf(status),
  };
}

function identityAnswer({ identity, denied }: Account, parameters: URLSearchParams): EmulatedAnswer {
  const action = String(parameters.get('Action'));
  if (action === 'GetCallerIdentity') return answerCallerIdentity(identity);
  if (action !== 'SimulatePrincipalPolicy') return queryError('iam', 400, 'InvalidAction', action);
  if (!denied.has('iam:SimulatePrincipalPolicy')) return answerSimulation(parameters, denied);
  return queryError('iam', 403, 'AccessDenied', notAuthorized(identity, 'iam:SimulatePrincipalPolicy'));
}

function secretsAnswer(account: Account, request: EmulatedRequest): EmulatedAnswer {
  const { identity, denied, secrets } = account;
  if (signingKeyOf(request) !== identity.accessKeyId) {
    return errorAnswer(
      400,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (!isSignedWith(request, identity.secretAccessKey)) {
    return errorAnswer(
      400,
      'InvalidSignatureException',
      'The request signature we calculated does not match.',
    );
  }
  const operation = operationOf(request);
  const action = `secretsmanager:${operation}`;
  if (denied.has(action)) return errorAnswer(400, 'AccessDeniedException', notAuthorized(identity, action));
  return carryOut(operation, secrets, JSON.parse(request.body) as Input);
}

function operationOf(request: EmulatedRequest): string {
  return String(request.headers['x-amz-target'] ?? '').replace('secretsmanager.', '');
}

/** A staged version, or a label of one's own, is seen by nobody who reads the secret. */
function changesWhatIsLive(request: EmulatedRequest): boolean {
  const operation = operationOf(request);
  if (operation === 'CreateSecret') return true;
  if (operation !== 'PutSecretValue' && operation !== 'UpdateSecretVersionStage') return false;
  const input = JSON.parse(request.body) as { VersionStage?: string; VersionStages?: string[] };
  if (operation === 'UpdateSecretVersionStage') return input.VersionStage === CURRENT;
  return input.VersionStages?.includes(CURRENT) ?? true;
}

function notAuthorized({ arn }: EmulatedIdentity, action: string): string {
  return `User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the action`;
}

const ERRORS: Readonly<Record<number, string>> = {
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  409: 'ResourceExistsException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
};

function errorAnswerOf(status: number): { body: string; headers?: Readonly<Record<string, string>> } {
  const { body = '', headers = {} } = errorAnswer(
    status,
    ERRORS[status] ?? 'InternalServiceError',
    'as injected',
  );
  return { body, headers };
}
