/** How a pair can be written for its consumer. */
export const FORMATS = ['sdk', 'env', 'credential_process', 'ini'] as const;
export type Format = (typeof FORMATS)[number];

export function isFormat(value: string): value is Format {
  return FORMATS.some((format) => format === value);
}
