const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Older IDs begin with a letter before Q here, and say nothing. */
const WITH_ACCOUNT = /^A[KS]IA([Q-Z2-7][A-Z2-7]{9})/;

/** What the SDK knows of credentials. */
export interface Identity {
  readonly accessKeyId: string;
  readonly accountId?: string;
}

/**
 * The account that credentials belong to, without a call: as their ID carries it (40 bits after a first one that is
 * always set), else as the SDK was told it. Null where neither tells. The ID comes first, since nothing ties a variable
 * like AWS_ACCOUNT_ID to the credentials beside it.
 */
export function accountOf({ accessKeyId, accountId }: Identity): string | null {
  const digits = WITH_ACCOUNT.exec(accessKeyId)?.[1];
  if (digits === undefined) return accountId ?? null;
  const bits = Array.from(digits).reduce((sum, digit) => sum * 32n + BigInt(BASE32.indexOf(digit)), 0n);
  const account = (bits >> 9n) & ((1n << 40n) - 1n);
  return account.toString().padStart(12, '0');
}
