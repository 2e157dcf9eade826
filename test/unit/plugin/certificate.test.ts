import { createPrivateKey, X509Certificate } from 'node:crypto';
import { makeCertificate } from '../../../src/plugin/process/certificate.js';

test('the certificate is one for localhost that its own key signed', () => {
  const { certificate, privateKey } = makeCertificate();
  const read = new X509Certificate(certificate);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(read.checkHost('localhost')).toBe('localhost');
  expect(read.subjectAltName).toBe('DNS:localhost');
  expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(read.raw).toEqual(certificate);
});

test('the certificate is valid from an hour ago, also for clocks beyond 2049', () => {
  for (const now of ['2026-01-02T03:04:05Z', '2049-12-31T23:00:00Z', '2050-06-01T00:00:00Z']) {
    const read = new X509Certificate(makeCertificate(new Date(now)).certificate);
    expect(new Date(read.validFrom)).toEqual(new Date(Date.parse(now) - 3_600_000));
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.parse(now) + 7 * 86_400_000);
  }
});

test('no two certificates share a serial number or a key', () => {
  const made = Array.from({ length: 50 }, () => new X509Certificate(makeCertificate().certificate));
  expect(new Set(made.map((one) => one.serialNumber)).size).toBe(50);
  expect(new Set(made.map((one) => one.publicKey.export({ type: 'spki', format: 'pem' }))).size).toBe(50);
});
