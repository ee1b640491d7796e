import { APIError, BadRequestError, OpenAI, UnprocessableEntityError } from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { TSchema } from 'typebox';
import type { FixedPrompt } from './fixed-prompt.js';

export interface ModelSettings {
  /** Base of an OpenAI-compatible API: `/chat/completions` is put behind it. */
  url: string;
  /** Name of the model. */
  name: string;
  /** Null where the server asks for none. */
  apiKey: string | null;
  /** How long one call may take, with its retries. */
  timeoutMs: number;
  /** Of each tenant, a day; 0 has no limit. */
  tokensPerDay: number;
}

export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

export type ModelAnswer = (
  | { kind: 'text'; text: string }
  /** What was shown, or what there is to say of it, is longer than the model takes. */
  | { kind: 'too_long' }
  /** The model refuses (no reason), or its server does not understand us. */
  | { kind: 'unusable'; reason: string | null }
  | { kind: 'unreachable'; reason: string }
) & { promptTokens: number; completionTokens: number };

const retries = 2;
/** After a failure that has been retried already, others need not wait for the same one. */
const pauseMs = 10_000;
/** What a request can do without, when the server says that it does not know it. */
const dispensable = ['temperature', 'seed', 'response_format', 'max_completion_tokens'] as const;
type Dispensable = (typeof dispensable)[number];

const passingStatuses = [401, 403, 404, 408, 409, 429];
const tooLong = /context.{0,20}(?:length|window|size)|too (?:long|large|many tokens)/i;

/** Asks one model. Never rejects. */
export class ModelClient {
  private readonly client: OpenAI;
  private readonly left = new Set<Dispensable>();
  private pausedUntilMs = -Infinity;

  /** @param nowMs monotonic */
  constructor(
    private readonly settings: ModelSettings,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    const { url: baseURL, apiKey, timeoutMs } = settings;
    this.client = new OpenAI({
      // The client insists on one, and would look for what is left out in the environment.
      apiKey: apiKey ?? 'none',
      ...{ baseURL, adminAPIKey: null, organization: null, project: null, webhookSecret: null },
      ...{ timeout: timeoutMs, maxRetries: retries, logLevel: 'off' },
      fetch: (input, init) => briefly(fetch(input, { ...init, redirect: 'error' }), timeoutMs),
    });
  }

  /** It was away just now, so asking again is of no use yet. */
  get isPaused(): boolean {
    return this.nowMs() < this.pausedUntilMs;
  }

  /** @param turns what is shown, then perhaps a first answer and what is wrong with it */
  async ask<Schema extends TSchema>(prompt: FixedPrompt<Schema>, turns: readonly Turn[]): Promise<ModelAnswer> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.settings.timeoutMs);
    try {
      // The client waits between retries without looking at the signal.
      return read(await Promise.race([this.complete(prompt, turns, deadline.signal), aborted(deadline.signal)]));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'unreachable') this.pausedUntilMs = this.nowMs() + pauseMs;
      return failure;
    } finally {
      clearTimeout(timer);
    }
  }

  private async complete<Schema extends TSchema>(
    prompt: FixedPrompt<Schema>,
    turns: readonly Turn[],
    signal: AbortSignal,
  ): Promise<ChatCompletion> {
    for (;;) {
      try {
        return await this.client.chat.completions.create(this.request(prompt, turns), { signal });
      } catch (error) {
        const name = unknownParameter(error);
        if (name === undefined || this.left.has(name)) throw error;
        this.left.add(name);
      }
    }
  }

  private request<Schema extends TSchema>(
    prompt: FixedPrompt<Schema>,
    turns: readonly Turn[],
  ): ChatCompletionCreateParamsNonStreaming {
    const request: ChatCompletionCreateParamsNonStreaming = {
      model: this.settings.name,
      temperature: 0,
      seed: 1,
      max_completion_tokens: prompt.answerTokensMax,
      response_format: prompt.responseFormat,
      // What differs comes last, so that providers can cache what does not.
      messages: [{ role: 'system', content: prompt.system }, ...turns],
    };
    for (const name of this.left) delete request[name];
    return request;
  }
}

const nothing = { promptTokens: 0, completionTokens: 0 };

const unreachable = (reason: string): ModelAnswer => ({ ...nothing, kind: 'unreachable', reason });

function read(completion: ChatCompletion): ModelAnswer {
  const tokens = {
    promptTokens: count(completion.usage?.prompt_tokens),
    completionTokens: count(completion.usage?.completion_tokens),
  };
  const choice = completion.choices?.[0];
  if (choice?.finish_reason === 'length') return { ...tokens, kind: 'too_long' };
  const text = choice?.message?.content;
  if (typeof text === 'string' && text !== '') return { ...tokens, kind: 'text', text };
  return { ...tokens, kind: 'unusable', reason: choice === undefined ? 'it does not speak the API' : null };
}

/** Not every server that calls itself compatible counts. */
function count(tokens: unknown): number {
  return typeof tokens === 'number' && tokens > 0 ? Math.ceil(tokens) : 0;
}

/** Reasons name what happened in our words: an answer may quote what it was shown. */
function failureOf(error: unknown): ModelAnswer {
  if (!(error instanceof APIError)) {
    if (error instanceof DeadlineError) return unreachable('it took too long');
    return { ...nothing, kind: 'unusable', reason: 'it does not speak the API' };
  }
  const { status, code, message } = error;
  if (status === undefined) return unreachable('there is no connection');
  if (passingStatuses.includes(status) || status >= 500) return unreachable(`it answered ${status}`);
  const isTooLong = status === 413 || code === 'context_length_exceeded' || tooLong.test(message);
  if (isTooLong) return { ...nothing, kind: 'too_long' };
  return { ...nothing, kind: 'unusable', reason: `it answered ${status}` };
}

function unknownParameter(error: unknown): Dispensable | undefined {
  if (!(error instanceof BadRequestError || error instanceof UnprocessableEntityError)) return undefined;
  const { param, message } = error;
  return dispensable.find((name) => (param ? param.split('.')[0] === name : message.includes(name)));
}

class DeadlineError extends Error {}

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
