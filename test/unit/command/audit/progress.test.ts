import { Progress } from '../../../../src/command/audit/inventory.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function start(isTTY: boolean): { progress: Progress; said: string[] } {
  const said: string[] = [];
  return { progress: new Progress({ isTTY, write: (text) => said.push(text) }), said };
}

describe('Progress', () => {
  it('is silent when everything takes less than a second', () => {
    const { progress, said } = start(true);
    progress.expect();
    jest.advanceTimersByTime(999);
    progress.end();
    jest.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
  });

  it('stays in place on a terminal, and is gone at the end', () => {
    const { progress, said } = start(true);
    for (let i = 0; i < 3; i++) progress.expect();
    progress.done();
    jest.advanceTimersByTime(1000);
    progress.done();
    jest.advanceTimersByTime(200);
    progress.end();
    expect(said).toEqual(['\r\x1b[K1 of 3 buckets', '\r\x1b[K2 of 3 buckets', '\r\x1b[K']);
    jest.advanceTimersByTime(60_000);
    expect(said).toHaveLength(3);
  });

  it('is a line every ten seconds elsewhere, and only where there is news', () => {
    const { progress, said } = start(false);
    for (let i = 0; i < 1000; i++) progress.expect();
    for (let i = 0; i < 42; i++) progress.done();
    jest.advanceTimersByTime(10_999);
    progress.done();
    jest.advanceTimersByTime(1);
    progress.end();
    expect(said).toEqual(['42 of 1000 buckets\n', '43 of 1000 buckets\n']);
  });

  it('says that buckets are still being listed, and that AWS wants it slower', () => {
    const { progress, said } = start(false);
    const listed = progress.listing();
    const pace = { throttled: 0 };
    progress.watch(pace);
    progress.expect();
    jest.advanceTimersByTime(1000);
    listed();
    pace.throttled = 1;
    jest.advanceTimersByTime(10_000);
    progress.end();
    expect(said).toEqual([
      '0 of at least 1 buckets\n',
      '0 of 1 buckets, at the slower pace that AWS asks for\n',
    ]);
  });
});
