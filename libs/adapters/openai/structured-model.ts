import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Static, TSchema } from 'typebox';
import type { ModelIdentity, ModelUse } from '#libs/ports/model-use.js';
import { CallsAtOnce } from './calls-at-once.js';
import type { FixedPrompt } from './fixed-prompt.js';
import { type ModelAnswer, ModelClient, type ModelSettings, type Turn } from './model-client.js';
import { TokenBudget } from './token-budget.js';

/** What a model is asked for. */
export type Purpose = 'extract' | 'judge';
/** Why something was decided without the model. */
export type Degradation = 'model_budget_low' | 'model_budget_spent' | 'model_unreachable' | 'model_unusable';

export type Asked<Answer> =
  { kind: 'answer'; answer: Answer } | { kind: 'too_long' } | { kind: 'degraded'; reason: Degradation };

/** Hears of what is done; never of what was said. */
export interface ModelEars {
  called(call: {
    purpose: Purpose;
    outcome: ModelAnswer['kind'];
    seconds: number;
    promptTokens: number;
    completionTokens: number;
  }): void;
  /** An answer that was asked for lately. */
  reused(): void;
  /** Rules decided instead, or nobody. */
  degraded(purpose: Purpose, reason: Degradation): void;
  /** The model or its server is of no use; told now and then while it is so. @param reason a sentence's end of our own */
  troubled(reason: string): void;
}

const callsAtOnce = 16;
const troubleToldEveryMs = 10_000;
const mostAnswersKept = 500;
/** No longer than this does a text that was erased meanwhile stay in memory. */
const answersKeptMs = 600_000;
/** On the safe side for English; other scripts take more of them, which the reckoning after the call puts right. */
const charsPerToken = 3;

/** One model, asked for answers of a fixed form, within what each tenant may spend. Never rejects. */
export class StructuredModel {
  private readonly client: ModelClient;
  private readonly budget: TokenBudget;
  private readonly answers = new LRUCache<string, Promise<Asked<unknown>>>({
    max: mostAnswersKept,
    ttl: answersKeptMs,
  });
  private readonly calls = new CallsAtOnce(callsAtOnce);
  private troubleToldMs = -Infinity;

  constructor(
    private readonly settings: ModelSettings,
    private readonly ears: ModelEars,
    private readonly clocks: { nowMs?: () => number; monotonicMs?: () => number } = {},
  ) {
    this.client = new ModelClient(settings, clocks.monotonicMs);
    this.budget = new TokenBudget(settings.tokensPerDay, clocks.nowMs);
  }

  identity(prompt: FixedPrompt<TSchema>): ModelIdentity {
    return { name: this.settings.name, promptHash: prompt.hash };
  }

  /** @param shown goes to the model as it is, as JSON */
  async ask<Schema extends TSchema>(
    purpose: Purpose,
    prompt: FixedPrompt<Schema>,
    shown: unknown,
    use: ModelUse,
  ): Promise<Asked<Static<Schema>>> {
    const turns: Turn[] = [{ role: 'user', content: JSON.stringify(shown) }];
    // With the tenant, so that nobody learns from a quick answer what another tenant said.
    const parts = [use.tenantId, this.settings.name, prompt.hash, turns[0]!.content];
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
    const kept = this.answers.get(key) as Promise<Asked<Static<Schema>>> | undefined;
    if (kept !== undefined) this.ears.reused();
    const asking = kept ?? this.within(purpose, prompt, turns, use);
    if (kept === undefined) this.answers.set(key, asking);
    const asked = await asking;
    if (asked.kind === 'degraded') {
      if (this.answers.peek(key) === asking) this.answers.delete(key);
      this.ears.degraded(purpose, asked.reason);
    }
    return asked;
  }

  /** For who cannot ask for less: what is too long is not read by the model. */
  giveUp(purpose: Purpose): Degradation {
    this.ears.degraded(purpose, 'model_unusable');
    return 'model_unusable';
  }

  /** One answer, repaired once where it has not the form that was asked for. */
  private async within<Schema extends TSchema>(
    purpose: Purpose,
    prompt: FixedPrompt<Schema>,
    turns: readonly Turn[],
    use: ModelUse,
  ): Promise<Asked<Static<Schema>>> {
    let open = turns;
    for (let repairs = 1; ; repairs -= 1) {
      const answer = await this.calls.run(() => this.spend(purpose, prompt, open, use));
      if (answer.kind === 'too_long' || answer.kind === 'degraded') return answer;
      const read = prompt.read(answer.text);
      if ('answer' in read) return { kind: 'answer', answer: read.answer };
      if (repairs === 0) return { kind: 'degraded', reason: 'model_unusable' };
      open = [...turns, { role: 'assistant', content: answer.text }, { role: 'user', content: repair(read.problems) }];
    }
  }

  private async spend<Schema extends TSchema>(
    purpose: Purpose,
    prompt: FixedPrompt<Schema>,
    turns: readonly Turn[],
    { tenantId, urgency }: ModelUse,
  ): Promise<{ kind: 'text'; text: string } | Exclude<Asked<never>, { kind: 'answer' }>> {
    const level = this.budget.level(tenantId);
    if (level === 'spent') return { kind: 'degraded', reason: 'model_budget_spent' };
    if (level === 'low' && urgency !== 'batch') return { kind: 'degraded', reason: 'model_budget_low' };
    if (this.client.isPaused) return { kind: 'degraded', reason: 'model_unreachable' };
    const chars = turns.reduce((sum, { content }) => sum + content.length, prompt.system.length);
    const estimate = Math.ceil(chars / charsPerToken);
    const settle = this.budget.reserve(tenantId, estimate);
    const startedMs = performance.now();
    const answer = await this.client.ask(prompt, turns);
    const { promptTokens, completionTokens } = answer;
    const used = promptTokens + completionTokens;
    // Some servers do not say what a text took.
    settle(answer.kind === 'text' && used === 0 ? estimate : used);
    const seconds = (performance.now() - startedMs) / 1000;
    this.ears.called({ purpose, outcome: answer.kind, seconds, promptTokens, completionTokens });
    switch (answer.kind) {
      case 'text':
      case 'too_long':
        return answer;
      case 'unusable':
      case 'unreachable':
        if (answer.reason !== null) this.tell(answer.reason);
        return { kind: 'degraded', reason: `model_${answer.kind}` };
    }
  }

  private tell(reason: string): void {
    const { monotonicMs = () => performance.now() } = this.clocks;
    if (monotonicMs() - this.troubleToldMs < troubleToldEveryMs) return;
    this.troubleToldMs = monotonicMs();
    this.ears.troubled(reason);
  }
}

function repair(problems: readonly string[]): string {
  return `Your answer has not the form of the schema:\n${problems.join('\n')}\nAnswer again, with the JSON object alone.`;
}
