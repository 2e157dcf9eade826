import { lockEntry, withNote, withOwnEntry } from '../../../src/constructs/private/lock-file.js';
import type { ProviderPackage } from '../../../src/constructs/private/provider-package.js';

const SOURCE = 'npm.invalid/cdktf/lightsail';
const AWS = 'registry.terraform.io/hashicorp/aws';

function providerOf(version: string, h1 = 'h1:ours='): ProviderPackage {
  return { source: SOURCE, version, h1, files: [], folder: '', launcher: '' };
}

/** As Terraform 1.11 writes it. */
const terraformsOwn = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "npm.invalid/cdktf/lightsail" {
  version     = "1.2.3"
  constraints = "1.2.3"
  hashes = [
    "h1:ours=",
  ]
}
`;

const awsEntry = `provider "${AWS}" {
  version     = "5.100.0"
  constraints = "5.100.0"
  hashes = [
    "h1:theirs=",
    "zh:theirs",
  ]
}
`;

describe("this package's own entry", () => {
  test('makes the very file that Terraform would write', () => {
    expect(withOwnEntry('', providerOf('1.2.3'))).toBe(terraformsOwn);
  });

  test("stands beside the other providers' entries, which stay as they are", () => {
    const lockFile = withOwnEntry(awsEntry, providerOf('1.2.3'));
    expect(lockFile.startsWith(awsEntry)).toBe(true);
    expect(lockEntry(lockFile, SOURCE)).toEqual({ version: '1.2.3', constraints: '1.2.3' });
  });

  test('takes the place of the entry of another version', () => {
    const lockFile = withOwnEntry(`${terraformsOwn}\n${awsEntry}`, providerOf('1.3.0', 'h1:new='));
    expect(lockEntry(lockFile, SOURCE)?.version).toBe('1.3.0');
    expect(lockFile).toContain(awsEntry);
    expect(lockFile).not.toContain('1.2.3');
    expect(lockFile).not.toContain('h1:ours=');
  });

  test('leaves the entry of the same version, so that Terraform finds out when the content differs', () => {
    expect(withOwnEntry(terraformsOwn, providerOf('1.2.3', 'h1:tampered='))).toBe(terraformsOwn);
  });
});

describe('the note to the CDKTF command', () => {
  test('is a comment, and no entry to this package', () => {
    const lockFile = withNote(terraformsOwn, [AWS]);
    expect(lockFile.replace(/\/\*[^]*\*\//, '').trimEnd()).toBe(terraformsOwn.trimEnd());
    expect(lockEntry(lockFile, AWS)).toBeUndefined();
  });

  test('goes when nothing is missing any more, and is not added twice', () => {
    const once = withNote(terraformsOwn, [AWS]);
    expect(withNote(once, [AWS])).toBe(once);
    expect(withNote(once, []).trimEnd()).toBe(terraformsOwn.trimEnd());
  });
});

test('an entry that is not there is undefined', () => {
  expect(lockEntry(awsEntry, SOURCE)).toBeUndefined();
  expect(lockEntry('', SOURCE)).toBeUndefined();
});
