import { type APIError, BadRequestError, OpenAI, UnprocessableEntityError } from 'openai';

/** A server that speaks the API of OpenAI, and how long one call to it may take, with its retries. */
export interface ServerAddress {
  /** Base of the API: what is called is put behind it. */
  url: string;
  /** Null where the server asks for none. */
  apiKey: string | null;
  timeoutMs: number;
}

const retries = 2;
const tooLong = /context.{0,20}(?:length|window|size)|too (?:long|large|many tokens)/i;

/** A client that takes nothing from the environment, says nothing, and is sent nowhere else. */
export function clientOf({ url: baseURL, apiKey, timeoutMs }: ServerAddress): OpenAI {
  return new OpenAI({
    // The client insists on one, and would look for what is left out in the environment.
    apiKey: apiKey ?? 'none',
    ...{ baseURL, adminAPIKey: null, organization: null, project: null, webhookSecret: null },
    ...{ timeout: timeoutMs, maxRetries: retries, logLevel: 'off' },
    fetch: (input, init) => briefly(fetch(input, { ...init, redirect: 'error' }), timeoutMs),
  });
}

/** The call did not end in its time. */
export class DeadlineError extends Error {}

/** What the call gives, in time: the client waits between retries without looking at the signal. */
export async function within<Result>(
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await Promise.race([call(deadline.signal), aborted(deadline.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** The one of these parameters that the server says it does not know. */
export function unknownParameter<Name extends string>(error: unknown, names: readonly Name[]): Name | undefined {
  if (!(error instanceof BadRequestError || error instanceof UnprocessableEntityError)) return undefined;
  const { param, message } = error;
  return names.find((name) => (param ? param.split('.')[0] === name : message.includes(name)));
}

/** Whether what was sent is longer than the model takes. */
export function isTooLong({ status, code, message }: APIError): boolean {
  return status === 413 || code === 'context_length_exceeded' || tooLong.test(message);
}

/** Not every server that calls itself compatible counts. */
export function countOf(tokens: unknown): number {
  return typeof tokens === 'number' && tokens > 0 ? Math.ceil(tokens) : 0;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DeadlineError())));
}

/** Keeps the client from doing as it is told by a server that says to come back long after the caller is gone. */
async function briefly(answering: Promise<Response>, timeoutMs: number): Promise<Response> {
  const response = await answering;
  const waitMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
  if (waitMs <= timeoutMs) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
