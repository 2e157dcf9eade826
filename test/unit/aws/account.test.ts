import { accountOf } from '../../../src/aws/account.js';

describe('The account of credentials', () => {
  it.each([
    ['a temporary ID', 'ASIAQNZGKIQY56JQ7WML', '029608264753'],
    ['a lasting ID', 'AKIAQYLPMN5HHHFPZAM2', '052310077262'],
  ])('is in %s', (_, accessKeyId, account) => {
    expect(accountOf({ accessKeyId })).toBe(account);
  });

  it.each([
    ['older than such IDs', 'AKIAIOSFODNN7EXAMPLE'],
    ['of a user, not of a key', 'AIDAQNZGKIQY56JQ7WML'],
    ['of something that only speaks like AWS', 'test'],
  ])('is not in an ID that is %s', (_, accessKeyId) => {
    expect(accountOf({ accessKeyId })).toBeNull();
  });

  it('is rather what the SDK was told', () => {
    expect(accountOf({ accessKeyId: 'ASIAQNZGKIQY56JQ7WML', accountId: '111122223333' })).toBe(
      '111122223333',
    );
  });
});
