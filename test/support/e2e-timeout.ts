// One terraform command takes under a second; the AWS provider beside ours takes half a minute.
jest.setTimeout(180_000);
