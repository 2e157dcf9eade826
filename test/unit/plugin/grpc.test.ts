import { frame, FrameCollector, statusTrailers } from '../../../src/plugin/grpc.js';

function collect(bytes: Buffer, size = bytes.length, limit?: number): Buffer {
  const collector = new FrameCollector(limit);
  for (let at = 0; at < bytes.length; at += size) collector.add(bytes.subarray(at, at + size));
  return collector.message();
}

describe('a framed message', () => {
  test('is put together from pieces of any size', () => {
    const message = Buffer.from('some message');
    for (const size of [1, 3, 100]) expect(collect(frame(message), size)).toEqual(message);
    expect(collect(frame(new Uint8Array()))).toHaveLength(0);
  });

  test.each<[string, Buffer, string, number]>([
    ['nothing', Buffer.alloc(0), 'within its header', 13],
    ['less than a header', Buffer.alloc(4), 'within its header', 13],
    ['less than it announces', frame(Buffer.alloc(9)).subarray(0, 10), 'within its message', 13],
    ['two messages', Buffer.concat([frame(Buffer.alloc(1)), frame(Buffer.alloc(1))]), 'more than one', 13],
    ['something compressed', Buffer.from([1, 0, 0, 0, 0]), 'compressed', 12],
  ])('is refused when it is %s', (_, bytes, message, code) => {
    expect(() => collect(bytes)).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => collect(bytes)).toThrow(message);
  });

  test('is refused as soon as it exceeds the limit, and not before', () => {
    expect(collect(frame(Buffer.alloc(10)), 1, 10)).toHaveLength(10);
    expect(() => collect(frame(Buffer.alloc(11)), 1, 10)).toThrow('exceeds 10 bytes');
  });
});

test('a status message is percent-encoded and never too long for a header', () => {
  expect(statusTrailers(3, 'a b%\nü')).toEqual({ 'grpc-status': '3', 'grpc-message': 'a b%25%0a%c3%bc' });
  expect(statusTrailers(3, 'ü'.repeat(5000))['grpc-message']?.length).toBeLessThanOrEqual(3000);
  expect(statusTrailers(0)).toEqual({ 'grpc-status': '0' });
});
