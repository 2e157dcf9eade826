/** As AWS makes the secret of an access key: 40 digits of base64, on their own. */
const SECRET_LIKE = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** Such as the ID of a commit. */
const HEXADECIMAL = /^[0-9a-fA-F]+$/;

/**
 * Takes out of what somebody else's program has printed whatever looks like the secret of an access key: the program
 * may have read one where this process cannot, and then the redactor does not know it.
 */
export function withoutSecretLike(text: string): string {
  return text.replace(SECRET_LIKE, (found) => (HEXADECIMAL.test(found) ? found : '********'));
}
