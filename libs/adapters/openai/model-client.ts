import { APIError, type OpenAI } from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { TSchema } from 'typebox';
import type { FixedPrompt } from './fixed-prompt.js';
import {
  clientOf,
  countOf,
  DeadlineError,
  isTooLong,
  type ServerAddress,
  unknownParameter,
  within,
} from './server-client.js';

export interface ModelSettings extends ServerAddress {
  /** Name of the model. */
  name: string;
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

/** After a failure that has been retried already, others need not wait for the same one. */
const pauseMs = 10_000;
/** What a request can do without, when the server says that it does not know it. */
const dispensable = ['temperature', 'seed', 'response_format', 'max_completion_tokens'] as const;
type Dispensable = (typeof dispensable)[number];

const passingStatuses = [401, 403, 404, 408, 409, 429];

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
    this.client = clientOf(settings);
  }

  /** It was away just now, so asking again is of no use yet. */
  get isPaused(): boolean {
    return this.nowMs() < this.pausedUntilMs;
  }

  /** @param turns what is shown, then perhaps a first answer and what is wrong with it */
  async ask<Schema extends TSchema>(prompt: FixedPrompt<Schema>, turns: readonly Turn[]): Promise<ModelAnswer> {
    try {
      return read(await within(this.settings.timeoutMs, (signal) => this.complete(prompt, turns, signal)));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'unreachable') this.pausedUntilMs = this.nowMs() + pauseMs;
      return failure;
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
        const name = unknownParameter(error, dispensable);
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
    promptTokens: countOf(completion.usage?.prompt_tokens),
    completionTokens: countOf(completion.usage?.completion_tokens),
  };
  const choice = completion.choices?.[0];
  if (choice?.finish_reason === 'length') return { ...tokens, kind: 'too_long' };
  const text = choice?.message?.content;
  if (typeof text === 'string' && text !== '') return { ...tokens, kind: 'text', text };
  return { ...tokens, kind: 'unusable', reason: choice === undefined ? 'it does not speak the API' : null };
}

/** Reasons name what happened in our words: an answer may quote what it was shown. */
function failureOf(error: unknown): ModelAnswer {
  if (!(error instanceof APIError)) {
    if (error instanceof DeadlineError) return unreachable('it took too long');
    return { ...nothing, kind: 'unusable', reason: 'it does not speak the API' };
  }
  const { status } = error;
  if (status === undefined) return unreachable('there is no connection');
  if (passingStatuses.includes(status) || status >= 500) return unreachable(`it answered ${status}`);
  if (isTooLong(error)) return { ...nothing, kind: 'too_long' };
  return { ...nothing, kind: 'unusable', reason: `it answered ${status}` };
}
