import { setImmediate as turnEnds } from 'node:timers/promises';
import { isRefusal } from './refusal.js';

/** More questions than this are not put into one statement. */
const QUESTIONS_AT_ONCE = 64;

interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Questions of one tenant that come in one turn of the event loop, or while another is answered, share a statement: no
 * timer, so a lone question waits for nobody. Each is answered by a read that began after it was asked.
 */
export class Gathering<Question, Answer> {
  /** By tenant. A tenant is here while it is being answered. */
  private readonly waiting = new Map<string, Waiting<Question, Answer>[]>();

  /** @param answer the answers to `questions`, in their order */
  constructor(private readonly answer: (tenantId: string, questions: readonly Question[]) => Promise<Answer[]>) {}

  ask(tenantId: string, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(tenantId);
      if (waiting) {
        waiting.push({ question, resolve, reject });
        return;
      }
      this.waiting.set(tenantId, [{ question, resolve, reject }]);
      void this.answerAll(tenantId);
    });
  }

  private async answerAll(tenantId: string): Promise<void> {
    const waiting = this.waiting.get(tenantId)!;
    while (waiting.length > 0) {
      // What comes in this turn of the event loop joins the statement.
      await turnEnds();
      await this.answerSome(tenantId, waiting.splice(0, QUESTIONS_AT_ONCE));
    }
    this.waiting.delete(tenantId);
  }

  private async answerSome(tenantId: string, asked: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.answer(
        tenantId,
        asked.map(({ question }) => question),
      );
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index]!);
    } catch (error) {
      // A question that the database refuses must not fail its neighbours.
      if (asked.length > 1 && isRefusal(error)) for (const one of asked) await this.answerSome(tenantId, [one]);
      else for (const { reject } of asked) reject(error);
    }
  }
}
