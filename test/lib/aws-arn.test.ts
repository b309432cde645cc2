import { describe, expect, it } from 'vitest';
import { isRoot, parseArn, policySourceOf, userNameOf } from '../../src/lib/aws/arn.ts';

describe('an ARN', () => {
  it('has five parts behind its name, or is none', () => {
    expect(parseArn('arn:aws-cn:iam::123456789012:user/a:b')).toEqual({
      partition: 'aws-cn',
      service: 'iam',
      region: '',
      account: '123456789012',
      resource: 'user/a:b',
    });
    for (const text of ['', 'robot', 'arn:aws:iam::1', 'arn:aws:iam::1:'])
      expect(parseArn(text)).toBeUndefined();
  });

  it('names a user, the root, or neither', () => {
    expect(userNameOf('arn:aws:iam::1:user/team/robot')).toBe('robot');
    for (const arn of ['arn:aws:iam::1:root', 'arn:aws:sts::1:assumed-role/r/s', 'robot'])
      expect(userNameOf(arn)).toBeUndefined();
    expect(isRoot('arn:aws:iam::1:root')).toBe(true);
    expect(isRoot('arn:aws:iam::1:user/root')).toBe(false);
    expect(isRoot('root')).toBe(false);
  });

  it.each([
    ['arn:aws:sts::12:assumed-role/deployer/session-1', 'arn:aws:iam::12:role/deployer'],
    ['arn:aws-us-gov:sts::12:assumed-role/deployer/a/b', 'arn:aws-us-gov:iam::12:role/deployer'],
    ['arn:aws:iam::12:user/robot', 'arn:aws:iam::12:user/robot'],
    ['arn:aws:sts::12:federated-user/ann', 'arn:aws:sts::12:federated-user/ann'],
    ['robot', 'robot'],
  ])('of a session leads to the role whose policies apply: %s', (arn, source) => {
    expect(policySourceOf(arn)).toBe(source);
  });
});
