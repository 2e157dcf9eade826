import { MalformedError, ValueError } from '../codec/value-error.js';
import { GrpcError, STATUS } from '../grpc.js';
import type { UnaryMethod } from '../grpc.js';
import type { Redact } from '../log.js';
import type { Lifetime } from '../process/lifetime.js';
import { Diagnostics } from '../provider.js';
import type { Block, CallContext, Diagnostic, Log, Path, Provider } from '../provider.js';
import { decodeMessage, encodeMessage } from '../wire/message.js';
import type { Content, Message } from '../wire/message.js';
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

/** What all calls of one provider process share. */
export interface Session<C> {
  readonly provider: Provider<C>;
  readonly lifetime: Pick<Lifetime, 'run' | 'stop' | 'shutDown' | 'isInOrder'>;
  readonly redact: Redact;
  /** A log that adds these fields to each of its lines. */
  readonly log: (fields: Readonly<Record<string, unknown>>) => Log;
  /** What `configure` returned; undefined until then. */
  configured: { readonly value: C } | undefined;
}

/** By the numbers of the protocol. */
const SEVERITY = { error: 1, warning: 2 } as const;

/** `block` is what the paths of the diagnostics begin in. */
export function diagnosticMessages(
  diagnostics: readonly Diagnostic[],
  redact: Redact,
  block: Block | undefined,
) {
  return diagnostics.map((diagnostic) => ({
    severity: SEVERITY[diagnostic.severity],
    summary: redact(diagnostic.summary),
    detail: redact(diagnostic.detail),
    ...(diagnostic.path && { attribute: pathMessage(locatable(diagnostic.path, block)) }),
  }));
}

/**
 * The path for which Terraform finds the source line: it goes down through blocks to an attribute or to one element of
 * it; given a deeper one, it would show the head of the whole block instead. For a block it shows the line where an
 * attribute of it is missing, which is the block's own, so a path that ends at a block goes one step further.
 */
function locatable(path: Path, outer: Block | undefined): Path {
  let block = outer;
  for (const [depth, step] of path.entries()) {
    block = typeof step === 'string' ? block?.blocks?.[step] : undefined;
    if (!block) return path.slice(0, typeof path[depth + 1] === 'string' ? depth + 1 : depth + 2);
  }
  return path.length === 0 ? path : [...path, NO_ATTRIBUTE];
}

/** The name of no attribute. */
const NO_ATTRIBUTE = '';

export function pathMessage(path: Path) {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
