import { type EmulatedAccount, type Input, jsonService } from '../../lib/aws/emulator/json-protocol.ts';
import type { EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { carryOut, type Secrets } from './emulated-operations.ts';
import { CURRENT } from './labels.ts';

/** Secrets Manager, and what of STS and IAM a store asks, at one address. */
export function secretsManagerService(
  account: EmulatedAccount & { readonly secrets: Secrets },
): EmulatedService {
  return jsonService(account, {
    target: 'secretsmanager',
    iamPrefix: 'secretsmanager',
    isWrite: changesWhatIsLive,
    carryOut: (operation, input) => carryOut(operation, account.secrets, input),
    errors: {
      404: 'ResourceNotFoundException',
      409: 'ResourceExistsException',
      500: 'InternalServiceError',
    },
  });
}

/** A staged version, or a label of one's own, is seen by nobody who reads the secret. */
function changesWhatIsLive(operation: string, input: Input): boolean {
  if (operation === 'CreateSecret') return true;
  if (operation === 'UpdateSecretVersionStage') return input['VersionStage'] === CURRENT;
  if (operation !== 'PutSecretValue') return false;
  return (input['VersionStages'] as readonly string[] | undefined)?.includes(CURRENT) ?? true;
}
