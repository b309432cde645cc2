import { RotationError } from '../../core/errors/rotation-error.ts';
import { type AwsCall, awsError } from './aws-error.ts';

/**
 * One attempt of one SDK call.
 * @throws RotationError whatever the SDK throws; ABORTED when asked to stop before anything was sent
 */
export async function awsCall<T>(
  call: AwsCall,
  work: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  if (call.signal.aborted) {
    throw new RotationError('ABORTED', {
      subject: call.subject,
      action: call.action,
      reason: 'asked to stop',
    });
  }
  try {
    return await work({ abortSignal: call.signal });
  } catch (error) {
    throw awsError(error, call);
  }
}
