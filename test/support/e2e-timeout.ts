// One terraform command takes under a second; the AWS provider beside ours takes half a minute, and on a busy machine
// several times as long.
jest.setTimeout(1_200_000);
