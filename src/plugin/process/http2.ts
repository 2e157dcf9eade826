import { createServer, type Http2Server } from 'node:http2';

/** In megabytes; Node's 10 would end the connection over one large value. */
const MAX_SESSION_MEMORY = 1024;
/** Bytes on their way without confirmation; the 64 KB of HTTP/2 would make large values slow. */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 4 * STREAM_WINDOW;

export function createHttp2Server(): Http2Server {
  const server = createServer({
    maxSessionMemory: MAX_SESSION_MEMORY,
    settings: { initialWindowSize: STREAM_WINDOW },
  });
  server.on('session', (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW);
  });
  return server;
}
