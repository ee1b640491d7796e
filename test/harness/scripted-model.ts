import type { IncomingMessage } from 'node:http';
import { type Refusal, refusalReply, type Reply, ScriptedServer } from './scripted-server.js';

/** One call as it came over the wire. */
export interface ModelRequest {
  path: string;
  headers: IncomingMessage['headers'];
  /** The body, byte for byte. */
  raw: string;
  body: { model: string; messages: { role: string; content: string }[]; [parameter: string]: unknown };
  /** What the fixed prompt is asked about: the first message of the user. */
  shown: Shown;
}

export interface Shown {
  messages: { id: string; role: string; speaker: string | null; said_at: string | null; text: string }[];
  statement: { text: string; said_at: string };
  candidates: { id: string; text: string; said_at: string }[];
}

export type ScriptedAnswer =
  /** The model says this: a text as it is, anything else as JSON. */
  | { says: unknown; finishReason?: string; tokens?: { prompt: number; completion: number } }
  /** The server says this itself. */
  | Refusal
  | 'hangs'
  | 'hangs up';

/** @param number of the call, from 1 */
export type Script = (request: ModelRequest, number: number) => ScriptedAnswer;

/** A server that speaks the chat completions of an OpenAI-compatible API, and says what a test wrote down for it. */
export class ScriptedModel extends ScriptedServer {
  readonly requests: ModelRequest[] = [];

  constructor(public script: Script) {
    super();
  }

  static async started(script: Script): Promise<ScriptedModel> {
    const model = new ScriptedModel(script);
    await model.start();
    return model;
  }

  protected override reply({ url, headers }: IncomingMessage, raw: string): Reply {
    const body = JSON.parse(raw) as ModelRequest['body'];
    const shown = JSON.parse(body.messages.find(({ role }) => role === 'user')!.content) as Shown;
    const request = { path: url!, headers, raw, body, shown };
    this.requests.push(request);
    const answer = this.script(request, this.requests.length);
    if (typeof answer === 'string') return answer;
    return 'status' in answer ? refusalReply(answer) : { status: 200, body: completion(body.model, answer) };
  }
}

function completion(model: string, answer: Extract<ScriptedAnswer, { says: unknown }>): unknown {
  const { says, finishReason = 'stop', tokens = { prompt: 100, completion: 20 } } = answer;
  const content = typeof says === 'string' ? says : JSON.stringify(says);
  const { prompt, completion: given } = tokens;
  return {
    ...{ id: 'completion-1', object: 'chat.completion', created: 1, model },
    choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content, refusal: null } }],
    usage: { prompt_tokens: prompt, completion_tokens: given, total_tokens: prompt + given },
  };
}

/** One memory of an answer, as the schema has it. */
export function memoryOfModel(message: string, quote: string, more: Record<string, unknown> = {}) {
  return {
    ...{ message, quote, text: `The user said: ${quote}`, type: 'fact', modality: 'asserted' },
    ...{ valid_from: null, valid_to: null, inferred: false, confidence: 0.9 },
    ...more,
  };
}

/** Answers with a preference for each "I love …" and a fact for each "I live in …", as a good model would. */
export const plainReader: Script = ({ shown }) => ({
  says: {
    memories: shown.messages.flatMap(({ id, text }) => [
      ...[...text.matchAll(/I love ([\w ]{1,40})/g)].map(([quote, what]) =>
        memoryOfModel(id, quote, { text: `The user loves ${what}`, type: 'preference' }),
      ),
      ...[...text.matchAll(/I (?:live in|moved to) (\p{Lu}[\p{L}]{1,30})/gu)].map(([quote, where]) =>
        memoryOfModel(id, quote, { text: `The user lives in ${where}` }),
      ),
    ]),
  },
});
