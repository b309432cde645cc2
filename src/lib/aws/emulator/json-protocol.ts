import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../emulator/loopback-server.ts';
import type { EmulatedIdentity } from './identity.ts';
import { answerCallerIdentity, answerSimulation } from './identity-services.ts';
import { queryError, queryParameters } from './query-protocol.ts';
import { isSignedWith, signingKeyOf } from './verify-signature.ts';

/** The input of an operation, as it was sent. */
export type Input = { readonly [name: string]: unknown };

/** An error as a service answers it. */
export class ServiceError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export interface EmulatedAccount {
  readonly identity: EmulatedIdentity;
  /** IAM actions that are refused, here and in simulations. */
  readonly denied: ReadonlySet<string>;
  /** Called for every write that was carried out. */
  readonly onEffect: () => void;
}

export interface JsonService {
  /** What stands before the operation in `X-Amz-Target`: `AmazonSSM`. */
  readonly target: string;
  /** What stands before the operation in a policy: `ssm`. */
  readonly iamPrefix: string;
  isWrite(operation: string, input: Input): boolean;
  /** @throws ServiceError */
  carryOut(operation: string, input: Input): object;
  /** Error types of the service for statuses that are injected, where they have names of their own. */
  readonly errors: Readonly<Record<number, string>>;
}

/** A service of the JSON protocol, and what of STS and IAM a plug-in asks, at one address. */
export function jsonService(
  { identity, denied, onEffect }: EmulatedAccount,
  service: JsonService,
): EmulatedService {
  const operationOf = (request: EmulatedRequest): string =>
    String(request.headers['x-amz-target'] ?? '').replace(`${service.target}.`, '');
  const isWrite = (request: EmulatedRequest): boolean => {
    if (queryParameters(request) !== undefined) return false;
    return service.isWrite(operationOf(request), inputOf(request));
  };
  const refusalOf = (request: EmulatedRequest): ServiceError | undefined => {
    const action = `${service.iamPrefix}:${operationOf(request)}`;
    if (signingKeyOf(request) !== identity.accessKeyId)
      return new ServiceError('UnrecognizedClientException', INVALID_TOKEN);
    if (!isSignedWith(request, identity.secretAccessKey))
      return new ServiceError('InvalidSignatureException', WRONG_SIGNATURE);
    return denied.has(action)
      ? new ServiceError('AccessDeniedException', notAuthorized(identity, action))
      : undefined;
  };

  return {
    isWrite,
    handle: (request) => {
      const parameters = queryParameters(request);
      if (parameters !== undefined) return identityAnswer({ identity, denied }, parameters);
      try {
        const refusal = refusalOf(request);
        if (refusal !== undefined) throw refusal;
        const answer = jsonAnswer(200, service.carryOut(operationOf(request), inputOf(request)));
        if (isWrite(request)) onEffect();
        return answer;
      } catch (error) {
        if (error instanceof ServiceError) return errorAnswer(400, error.type, error.message);
        throw error;
      }
    },
    errorBody: (status) => {
      const type = service.errors[status] ?? ERRORS[status] ?? service.errors[500] ?? 'InternalServerError';
      const { body = '', headers = {} } = errorAnswer(status, type, 'as injected');
      return { body, headers };
    },
  };
}

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const WRONG_SIGNATURE = 'The request signature we calculated does not match.';

const ERRORS: Readonly<Record<number, string>> = {
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
};

function identityAnswer(
  { identity, denied }: Pick<EmulatedAccount, 'identity' | 'denied'>,
  parameters: URLSearchParams,
): EmulatedAnswer {
  const action = String(parameters.get('Action'));
  if (action === 'GetCallerIdentity') return answerCallerIdentity(identity);
  if (action !== 'SimulatePrincipalPolicy') return queryError('iam', 400, 'InvalidAction', action);
  if (!denied.has('iam:SimulatePrincipalPolicy')) return answerSimulation(parameters, denied);
  return queryError('iam', 403, 'AccessDenied', notAuthorized(identity, 'iam:SimulatePrincipalPolicy'));
}

function inputOf(request: EmulatedRequest): Input {
  return JSON.parse(request.body === '' ? '{}' : request.body) as Input;
}

function errorAnswer(status: number, type: string, message: string): EmulatedAnswer {
  // Services spell it `Message` or `message`, by error.
  const key = type === 'AccessDeniedException' ? 'Message' : 'message';
  return jsonAnswer(status, { __type: type, [key]: message });
}

function jsonAnswer(status: number, body: object): EmulatedAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  return { status, headers, body: JSON.stringify(body) };
}

function notAuthorized({ arn }: EmulatedIdentity, action: string): string {
  return `User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the action`;
}

/** A text of the input. @throws ServiceError as services complain of a missing one */
export function neededText(input: Input, name: string): string {
  const value = textOf(input, name);
  if (value !== undefined) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function textOf(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}
