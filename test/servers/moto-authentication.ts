import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import type { KeyPair } from './server-rotation.ts';

/**
 * Who moto says a key is, with its switch for authentication on: it then looks for the key and checks the signature.
 * The name of its error when it refuses. (It does not look at whether a key is active.)
 */
export async function callerAtMoto(url: string, pair: KeyPair): Promise<string> {
  const client = makeClient(() => new STSClient({ region: 'us-east-1', endpoint: url, credentials: pair }));
  await authenticateAfter(url, '0');
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? '';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  } finally {
    await authenticateAfter(url, 'inf');
    client.destroy();
  }
}

/** From that many requests on, moto authenticates. */
async function authenticateAfter(url: string, requests: string): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: requests });
  if (!answer.ok) throw new Error(`moto did not take the switch: ${answer.status}`);
}
