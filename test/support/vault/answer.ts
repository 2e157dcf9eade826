export type Answer = readonly [status: number, body: object | undefined];

export function errors(status: number, ...messages: string[]): Answer {
  return [status, { errors: messages }];
}

/** To a token that is none, and to one whose policies do not give the right. */
export const UNKNOWN_TOKEN = errors(403, 'permission denied');
export const DENIED = errors(403, '1 error occurred:\n\t* permission denied\n\n');
export const DONE: Answer = [204, undefined];

export function noRoute(path: string): Answer {
  return errors(404, `no handler for route "${path}". route entry not found.`);
}
