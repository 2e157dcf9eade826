import { Token } from 'cdktf';
import type { Problems } from './validation.js';

const X25519_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** By their shape; that their checksum holds is for the provider, which says so before it makes a key. */
export function checkAgeRecipients(recipients: readonly string[] | undefined): Problems {
  if (recipients === undefined || Token.isUnresolved(recipients)) return [];
  if (recipients.length === 0) {
    return [
      "ageRecipients is empty, so nobody could open the access key's secret. Give at least one recipient, or leave it out.",
    ];
  }
  return recipients.filter((recipient) => !Token.isUnresolved(recipient)).flatMap(checkRecipient);
}

function checkRecipient(recipient: string): Problems {
  if (X25519_RECIPIENT.test(recipient)) return [];
  // An identity is the secret half, and its file begins with comments: neither is repeated.
  const what = /AGE-SECRET-KEY-/i.test(recipient) ? 'An age identity' : `"${shortened(recipient)}"`;
  return [
    `${what} is no age recipient for which the access key's secret could be sealed. Give X25519 recipients, as ` +
      `age-keygen prints them: "age1" and 58 lowercase letters and digits; SSH keys and plugins are not taken.`,
  ];
}

function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}…` : value;
}
