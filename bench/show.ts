import { type Quantity } from './results.js';

/** A quantity with its unit; a dash where it was not measured. */
export function show(value: number | undefined, quantity: Quantity): string {
  if (value === undefined) return '–';
  return quantity === 'peakBytes' ? `${(value / 1024 / 1024).toFixed(0)} MiB` : `${value.toFixed(2)} s`;
}
