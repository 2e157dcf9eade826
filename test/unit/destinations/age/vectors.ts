/** From the specification, https://c2sp.org/age#the-x25519-recipient-type. */
export const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
export const IDENTITY = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
/** The same identity before Bech32. */
export const IDENTITY_BYTES = Buffer.alloc(32, 0x42);
export const STANZA = {
  args: ['X25519', 'O6DLx/wDIawpUC978NSPjYvrfDtJVnZApXKp4FMPHCY'],
  body: Buffer.from('3aKjozt9agh7jGmvOKvR4iax41Wl4zj95MKK4X9JuWc', 'base64'),
};
