/** An answer that says no, in AWS's JSON. */
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export const notFound = (what: string) =>
  new ServiceError('ResourceNotFoundException', `Secrets Manager can't find ${what}.`);
export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message);
export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message);
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message);
