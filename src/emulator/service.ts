import { type CallDraft } from './call-log.js';
import { type WireRequest } from './http.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What one call is about, as far as the bare request tells. */
export interface CallSubject {
  readonly operation: string;
  readonly bucket?: string;
  readonly accessKeyId?: string;
}

/** One emulated service. Faults step in between its methods, so each does one thing only. */
export interface Service {
  readonly name: 'lightsail' | 's3';
  /** Never throws: a request that makes no sense still gets into the log. */
  identify(request: WireRequest): CallSubject;
  /** Throws a ServiceError unless the request is signed by somebody who may do this. */
  authenticate(request: WireRequest): void;
  /** Carries the call out; throws a ServiceError where the service refuses. */
  execute(request: WireRequest, call: CallDraft): Answer;
  /** How this service writes an error down. */
  refuse(error: ServiceError): Answer;
}

/** An error that a service answers with. Each service has its own way of writing one down. */
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
    /** Further members of the answer, such as S3's Region. */
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = type;
  }
}
