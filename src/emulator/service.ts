import { type WireRequest } from './http/request.js';
import { type CallDraft } from './call-log.js';
import { type ServiceError } from './service-error.js';

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
