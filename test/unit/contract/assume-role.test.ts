import { assumeRoleProblems, secondsOf } from '../../../src/contract/assume-role.js';
import type { AssumeRoleArguments } from '../../../src/contract/assume-role.js';

describe('A duration', () => {
  it.each([
    ['15m', 900],
    ['1h30m', 5400],
    ['900s', 900],
    ['0.5h', 1800],
    ['1h0m0s', 3600],
    ['900000ms', 900],
  ])('may be written as Go does: %s', (duration, seconds) => {
    expect(secondsOf(duration)).toBeCloseTo(seconds, 6);
  });

  it.each(['', '15', '15 m', 'm', '1h x', '-15m', '15min', '1d'])('is none: "%s"', (duration) => {
    expect(secondsOf(duration)).toBeNull();
  });
});

describe('A role to assume', () => {
  it('passes where STS takes it, and where nothing is known of it', () => {
    expect(assumeRoleProblems({})).toEqual([]);
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x'.repeat(256)]),
    );
    expect(
      assumeRoleProblems({
        roleArn: 'arn:aws-us-gov:iam::123456789012:role/path/keys',
        sessionName: 'pi',
        externalId: 'a:b/c',
        duration: '12h',
        policy: '{"Version":"2012-10-17"}',
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::123456789012:policy/team/keys'],
        sourceIdentity: 'runner@example.com',
        tags: { ...tags },
        transitiveTagKeys: ['key1'],
      }),
    ).toEqual([]);
  });

  it.each<[keyof AssumeRoleArguments, AssumeRoleArguments]>([
    ['roleArn', { roleArn: 'arn:aws:iam::123456789012:user/keys' }],
    ['sessionName', { sessionName: 'a' }],
    ['sessionName', { sessionName: 'two words' }],
    ['sessionName', { sessionName: 'x'.repeat(65) }],
    ['externalId', { externalId: 'a' }],
    ['externalId', { externalId: 'two words' }],
    ['duration', { duration: '14m59s' }],
    ['duration', { duration: '12h1s' }],
    ['duration', { duration: '900' }],
    ['duration', { duration: '15m0.5s' }],
    ['policy', { policy: '[]' }],
    ['policy', { policy: 'null' }],
    ['policy', { policy: '{"Version":' }],
    ['policy', { policy: JSON.stringify({ Id: 'x'.repeat(2048) }) }],
    ['policyArns', { policyArns: ['ReadOnlyAccess'] }],
    [
      'policyArns',
      { policyArns: Array.from({ length: 11 }, () => 'arn:aws:iam::aws:policy/ReadOnlyAccess') },
    ],
    ['sourceIdentity', { sourceIdentity: 'aws:x' }],
    ['sourceIdentity', { sourceIdentity: 'x' }],
    ['tags', { tags: { '': 'x' } }],
    ['tags', { tags: { ['k'.repeat(129)]: 'x' } }],
    ['tags', { tags: { k: 'x'.repeat(257) } }],
    ['tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ''])) }],
  ])('is refused for its %s: %j', (argument, role) => {
    const problems = assumeRoleProblems(role);
    expect(problems.map((problem) => problem.argument)).toEqual([argument]);
    expect(problems[0]?.remedy).toMatch(/^Give .+\.$/);
  });
});
