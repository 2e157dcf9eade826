import type { FORMATS } from '../contract/limits.js';
import type { KeyPair } from '../lifecycle/access-key.js';
import { Secret } from '../secret/secret.js';

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
        ...(pair.createdAt && { createdAt: pair.createdAt.toISOString() }),
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
function accessKeyIdIn(text: string): string | null {
  return /access_?key_?id"?\s*[:=]\s*"?([A-Z0-9]{16,128})\b/i.exec(text)?.[1] ?? null;
}

/**
 * The pair in a text that is, to the last byte, what {@link renderPair} gives; null for anything else, such as a
 * file whose writer was killed.
 */
export function wholePairIn(
  format: Format,
  text: string,
): Pick<KeyPair, 'accessKeyId' | 'secretAccessKey'> | null {
  const field = (name: RegExp) =>
    new RegExp(`${name.source}"?\\s*[:=]\\s*"?([^"\\s]+)`, 'i').exec(text)?.[1] ?? '';
  const secret = field(/secret_?access_?key/);
  const createdAt = Date.parse(field(/createdAt/));
  const pair = {
    bucket: field(/bucketName/),
    region: field(/region/),
    accessKeyId: accessKeyIdIn(text) ?? '',
    secretAccessKey: new Secret(secret),
    createdAt: Number.isNaN(createdAt) ? null : new Date(createdAt),
  };
  return secret !== '' && renderPair(format, pair) === text ? pair : null;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
