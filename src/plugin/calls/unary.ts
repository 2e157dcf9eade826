import { MalformedError, ValueError } from '../codec/value-error.js';
import { Diagnostics } from '../diagnostics.js';
import type { UnaryMethod } from '../grpc/server.js';
import { GrpcError, STATUS } from '../grpc/status.js';
import type { CallContext, Log } from '../provider.js';
import type { Block } from '../schema.js';
import { type Content, decodeMessage, encodeMessage, type Message } from '../wire/message.js';
import { diagnosticMessages } from './diagnostics.js';
import type { Session } from './session.js';
import { reportMisfit } from './values.js';

export interface Definition<Q extends Message, R extends Message> {
  readonly request: Q;
  readonly response: R;
}
export type Handler<Q extends Message, R extends Message> = (
  request: Content<Q>,
  context: CallContext,
) => Promise<Partial<Content<R>>> | Partial<Content<R>>;

/** Puts the code that answers a call between its two messages. */
export function unary<C, Q extends Message, R extends Message>(
  session: Session<C>,
  { request: requestTable, response: responseTable }: Definition<Q, R>,
  handle: Handler<Q, R>,
  /** The schema that the call is about: paths of its diagnostics begin there. */
  schemaOf: (request: Content<Q>) => Block | undefined = () => undefined,
): (name: string) => UnaryMethod {
  return (name) => async (bytes, givenUp) => {
    const request = decodeRequest(requestTable, bytes);
    const { typeName, clientCapabilities } = request as Partial<Capabilities>;
    const log = session.log({ tf_rpc: name, ...(typeName && { tf_resource_type: typeName }) });
    const diagnostics = new Diagnostics();
    const client = {
      deferralAllowed: clientCapabilities?.deferralAllowed ?? false,
      writeOnlyAttributesAllowed: clientCapabilities?.writeOnlyAttributesAllowed ?? false,
    };
    const started = performance.now();
    log.trace('Call received');
    const response = await session.lifetime.run(async (signal) => {
      try {
        return await handle(request, { diagnostics, signal, log, client });
      } catch (error) {
        reportFailure(error, signal, diagnostics, log);
        return {};
      }
    }, givenUp);
    log.trace('Call answered', { tf_req_duration_ms: Math.round(performance.now() - started) });
    const said = diagnosticMessages(diagnostics.items, session.redact, schemaOf(request));
    return encodeMessage<Message>(responseTable, { ...response, diagnostics: said });
  };
}

interface Capabilities {
  readonly typeName: string;
  readonly clientCapabilities: {
    readonly deferralAllowed?: boolean;
    readonly writeOnlyAttributesAllowed?: boolean;
  };
}

function decodeRequest<Q extends Message>(table: Q, bytes: Uint8Array): Content<Q> {
  try {
    return decodeMessage(table, bytes);
  } catch (error) {
    if (error instanceof MalformedError) throw new GrpcError(STATUS.internal, error.message);
    throw error;
  }
}

/** Whatever the code of a resource throws becomes something the user can read, and never the end of the process. */
export function reportFailure(error: unknown, signal: AbortSignal, diagnostics: Diagnostics, log: Log): void {
  if (error instanceof GrpcError) throw error;
  if (error instanceof ValueError) {
    reportMisfit(error, diagnostics);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  log.error('Call failed', { error: message, stack: error instanceof Error ? error.stack : undefined });
  if (signal.aborted) {
    diagnostics.error('Stopped before it was finished', `Terraform asked the provider to stop. ${message}`);
  } else {
    diagnostics.error(
      `The provider failed: ${message}`,
      'This is a bug in the provider; please report it, with the output of TF_LOG_PROVIDER=trace if you can.',
    );
  }
}
