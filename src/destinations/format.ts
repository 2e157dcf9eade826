import type { KeyPair } from '../lifecycle/access-key.js';
import { Secret } from '../secret/secret.js';

export const FORMATS = ['sdk', 'env', 'credential_process', 'ini'] as const;
export type Format = (typeof FORMATS)[number];

/** The pair as its consumer reads it. The result holds the secret in clear. */
export function renderPair(format: Format, pair: KeyPair): string {
  const { accessKeyId, bucket, region } = pair;
  const secret = pair.secretAccessKey.reveal();
  switch (format) {
    case 'sdk':
      return json({
        accessKeyId,
        secretAccessKey: secret,
        bucketName: bucket,
        region,
        createdAt: pair.createdAt.toISOString(),
      });
    case 'credential_process':
      return json({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secret });
    case 'env':
      return `AWS_ACCESS_KEY_ID=${accessKeyId}\nAWS_SECRET_ACCESS_KEY=${secret}\nAWS_REGION=${region}\n`;
    case 'ini':
      return `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secret}\nregion = ${region}\n`;
  }
}

/** The ID of the pair in a text of any format; null when there is none. */
export function accessKeyIdIn(text: string): string | null {
  return /access_?key_?id"?\s*[:=]\s*"?([A-Z0-9]{16,128})\b/i.exec(text)?.[1] ?? null;
}

/** The secret of the pair in a text of any format; null when there is none, or the text was cut off. */
export function secretIn(text: string): Secret | null {
  if (!text.endsWith('\n')) return null;
  const value = /secret_?access_?key"?\s*[:=]\s*"?([^"\s]+)/i.exec(text)?.[1];
  return value ? new Secret(value) : null;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
