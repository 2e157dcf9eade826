/** Milliseconds are what they take; but hundreds of requests on a busy machine are not to fail for its being busy. */
jest.setTimeout(60_000);
