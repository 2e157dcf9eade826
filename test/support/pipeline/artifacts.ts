import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What jobs of one run hand on. Both CI systems keep it as zip archives, which know no run bit. */
export class Artifacts {
  constructor(private readonly folder: string) {}

  /** Answers whether there was such a file. */
  keep(path: string): boolean {
    if (!existsSync(path)) return false;
    copyFileSync(path, join(this.folder, basename(path)));
    return true;
  }

  give(name: string, folder: string): void {
    const path = join(folder, name);
    copyFileSync(join(this.folder, name), path);
    chmodSync(path, 0o644);
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }
}
