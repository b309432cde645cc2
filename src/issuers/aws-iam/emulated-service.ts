import type { EmulatedIdentity } from '../../lib/aws/emulator/identity.ts';
import { answerCallerIdentity, answerSimulation } from '../../lib/aws/emulator/identity-services.ts';
import { queryError, queryParameters } from '../../lib/aws/emulator/query-protocol.ts';
import { isSignedWith, signedServiceOf, signingKeyOf } from '../../lib/aws/emulator/verify-signature.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { ACTIONS, WRITES } from './emulated-actions.ts';
import type { EmulatedKey, EmulatedKeys } from './emulated-keys.ts';

export interface EmulatedAccount {
  /** The user whose keys are rotated. */
  readonly keys: EmulatedKeys;
  /** Whom keyturn acts as, unless it signs with one of `keys`. */
  readonly admin: EmulatedIdentity;
  /** IAM actions that are refused, here and in simulations. */
  readonly denied: ReadonlySet<string>;
  /** Called for every change that was carried out. */
  readonly onEffect: () => void;
}

/** IAM and STS at one address, told apart by the service a request is signed for. */
export function iamService(account: EmulatedAccount): EmulatedService {
  return {
    isWrite: (request) => WRITES.has(actionOf(request)),
    handle: (request) => {
      const service = signedServiceOf(request) ?? 'iam';
      const caller = authenticate(account, request);
      if ('status' in caller) return caller;
      noteUse(caller, service);
      const answer = answerFor(account, caller, request);
      if (answer.status === 200 && WRITES.has(actionOf(request))) account.onEffect();
      return answer;
    },
    errorBody: (status) => {
      const { body = '', headers = {} } = queryError(
        'iam',
        status,
        ERRORS[status] ?? 'ServiceFailure',
        'as injected',
      );
      return { body, headers };
    },
  };
}

const ERRORS: Readonly<Record<number, string>> = {
  401: 'InvalidClientTokenId',
  403: 'AccessDenied',
  404: 'NoSuchEntity',
  409: 'EntityTemporarilyUnmodifiable',
  429: 'Throttling',
  503: 'ServiceUnavailable',
};

function actionOf(request: EmulatedRequest): string {
  return queryParameters(request)?.get('Action') ?? '';
}

/** An inactive key, a deleted one and one that nobody knows (yet) are all the same to AWS. */
function authenticate(
  { keys, admin }: EmulatedAccount,
  request: EmulatedRequest,
): EmulatedIdentity | EmulatedKey | EmulatedAnswer {
  const service = signedServiceOf(request) ?? 'iam';
  const id = signingKeyOf(request) ?? '';
  const caller = id === admin.accessKeyId ? admin : keys.accept(id);
  if (caller === undefined) {
    return queryError(
      service,
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
  }
  if (isSignedWith(request, caller.secretAccessKey)) return caller;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';
  return queryError(service, 403, 'SignatureDoesNotMatch', message);
}

function noteUse(caller: EmulatedIdentity | EmulatedKey, service: string): void {
  if ('active' in caller) caller.lastUsed = { at: new Date().toISOString(), service };
}

function answerFor(
  account: EmulatedAccount,
  caller: EmulatedIdentity,
  request: EmulatedRequest,
): EmulatedAnswer {
  const { keys, denied } = account;
  const parameters = queryParameters(request) ?? new URLSearchParams();
  const action = actionOf(request);
  if (action === 'GetCallerIdentity') return answerCallerIdentity(caller);
  if (denied.has(`iam:${action}`)) {
    const message = `User: ${caller.arn} is not authorized to perform: iam:${action} because no identity-based policy allows the action`;
    return queryError('iam', 403, 'AccessDenied', message);
  }
  if (action === 'SimulatePrincipalPolicy') return answerSimulation(parameters, denied);
  const work = ACTIONS[action];
  if (work === undefined)
    return queryError('iam', 400, 'InvalidAction', `Could not find operation ${action}.`);
  const user = parameters.get('UserName') ?? keys.userName;
  if (user === keys.userName) return work(keys, parameters);
  return queryError('iam', 404, 'NoSuchEntity', `The user with name ${user} cannot be found.`);
}
