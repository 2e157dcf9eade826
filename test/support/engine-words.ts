// What Terraform and OpenTofu say of one thing in different words. Whatever else the tests look for is ours, or both
// say it alike.

/** That an ephemeral resource was opened. In an apply, OpenTofu opens only what something there makes use of. */
export function opened(address: string): RegExp {
  return new RegExp(`${literally(address)}: Open(ing)? complete`);
}

/** That an ephemeral resource waits for what its configuration refers to. */
export function deferred(address: string): RegExp {
  return new RegExp(
    `${literally(address)}: (Configuration unknown, deferring|Deferred due to unknown config)`,
  );
}

/** A lock file without the command that its first line says it to be of. */
export function lockedAlike(lockFile: string): string {
  return lockFile.replace(/^(# This file is maintained automatically by) "(terraform|tofu) init"/, '$1 init');
}

function literally(text: string): string {
  return text.replace(/[.[\]]/g, '\\$&');
}
