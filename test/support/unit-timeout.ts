/** Milliseconds are what they take; but hundreds of requests on a busy machine are not to fail for its being busy. */
jest.setTimeout(300_000);

// The emulator spreads a new key at once: nothing is learned by waiting for it. See docs/emulator.md.
process.env.LIGHTSAIL_S3_SPREAD_MS = '0';
