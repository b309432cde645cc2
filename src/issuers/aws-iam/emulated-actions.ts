import { queryAnswer, queryError } from '../../lib/aws/emulator/query-protocol.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { KEYS_PER_USER } from './access-key.ts';
import type { EmulatedKey, EmulatedKeys } from './emulated-keys.ts';

/** IAM may give fewer keys than asked for: one a page makes a caller that stops early visible. */
const PAGE = 1;

export const WRITES: ReadonlySet<string> = new Set(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey']);

type Action = (keys: EmulatedKeys, parameters: URLSearchParams) => EmulatedAnswer;

/** The actions of IAM on access keys. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  CreateAccessKey: (keys) => {
    const made = keys.make(false);
    if (made === undefined) {
      const message = `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`;
      return queryError('iam', 409, 'LimitExceeded', message);
    }
    const AccessKey = { ...metadata(keys, made), SecretAccessKey: made.secretAccessKey };
    return queryAnswer('iam', 'CreateAccessKey', { AccessKey });
  },
  ListAccessKeys: (keys, parameters) => {
    const start = Number(parameters.get('Marker') ?? '0');
    const end = start + Math.min(PAGE, Number(parameters.get('MaxItems') ?? PAGE));
    const all = keys.all();
    const more = end < all.length;
    return queryAnswer('iam', 'ListAccessKeys', {
      UserName: keys.userName,
      AccessKeyMetadata: all.slice(start, end).map((key) => metadata(keys, key)),
      IsTruncated: String(more),
      Marker: more ? String(end) : undefined,
    });
  },
  UpdateAccessKey: (keys, parameters) => {
    const id = parameters.get('AccessKeyId') ?? '';
    const status = parameters.get('Status');
    if (status !== 'Active' && status !== 'Inactive') {
      return queryError('iam', 400, 'InvalidInput', 'The status of an access key is Active or Inactive.');
    }
    return keys.setActive(id, status === 'Active') ? queryAnswer('iam', 'UpdateAccessKey') : noSuchKey(id);
  },
  DeleteAccessKey: (keys, parameters) => {
    const id = parameters.get('AccessKeyId') ?? '';
    return keys.remove(id) ? queryAnswer('iam', 'DeleteAccessKey') : noSuchKey(id);
  },
  GetAccessKeyLastUsed: (keys, parameters) => {
    const id = parameters.get('AccessKeyId') ?? '';
    const key = keys.all().find(({ accessKeyId }) => accessKeyId === id);
    if (key === undefined) return noSuchKey(id);
    const used = key.lastUsed;
    return queryAnswer('iam', 'GetAccessKeyLastUsed', {
      UserName: keys.userName,
      AccessKeyLastUsed: {
        LastUsedDate: used?.at,
        ServiceName: used?.service ?? 'N/A',
        Region: used === undefined ? 'N/A' : 'us-east-1',
      },
    });
  },
};

function metadata(keys: EmulatedKeys, key: EmulatedKey) {
  return {
    UserName: keys.userName,
    AccessKeyId: key.accessKeyId,
    Status: key.active ? 'Active' : 'Inactive',
    CreateDate: key.createdAt,
  };
}

function noSuchKey(id: string): EmulatedAnswer {
  return queryError('iam', 404, 'NoSuchEntity', `The Access Key with id ${id} cannot be found.`);
}
