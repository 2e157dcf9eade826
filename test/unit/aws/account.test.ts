import { accountOf } from '../../../src/aws/access.js';

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

  it('is what the SDK was told where the ID does not tell', () => {
    const accountId = '111122223333';
    expect(accountOf({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', accountId })).toBe(accountId);
  });

  it('is not what a variable says that other credentials have left behind', () => {
    const accountId = '111122223333';
    expect(accountOf({ accessKeyId: 'ASIAQNZGKIQY56JQ7WML', accountId })).toBe('029608264753');
  });
});
