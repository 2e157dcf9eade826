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
