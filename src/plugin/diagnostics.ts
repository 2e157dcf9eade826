import type { Path } from './provider.js';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One line: what happened. Warnings with the same summary are merged by Terraform, so it names the thing. */
  readonly summary: string;
  /** What it means, and what to do. */
  readonly detail: string;
  /** Points at the attribute, so that Terraform can show the source line. */
  readonly path?: Path;
}

/** Collects what one call has to say to the user. */
export class Diagnostics {
  readonly #items: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.#items.push(diagnostic);
  }

  error(summary: string, detail: string, path?: Path): void {
    this.add({ severity: 'error', summary, detail, ...(path && { path }) });
  }

  warning(summary: string, detail: string, path?: Path): void {
    this.add({ severity: 'warning', summary, detail, ...(path && { path }) });
  }

  get hasErrors(): boolean {
    return this.#items.some((item) => item.severity === 'error');
  }

  get items(): readonly Diagnostic[] {
    return this.#items;
  }
}
