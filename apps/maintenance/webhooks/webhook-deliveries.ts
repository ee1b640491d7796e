import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { limits } from '#libs/domain/limits.js';
import { type LogChange, MemoryQueries } from '#libs/ports/memory-queries.js';
import { type LeasedWebhook, WebhookSender, Webhooks } from '#libs/ports/webhooks.js';
import { loggableError } from '#libs/service-kit/logging.js';
import { Repeating } from '#libs/service-kit/repeating.js';
import { webhookPayload } from './webhook-payload.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** How long to wait after each failure in a row, as Standard Webhooks proposes; after the last one it is disabled. */
export const retryDelaysMs: readonly number[] = [
  ...[5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
];

const pollMs = second;
const taken = 8;
/** Above what one delivery may take. */
const leaseMs = 30 * second;
/** Pages that one webhook gets before the others have their turn. */
const pagesATurn = 5;

/**
 * Tells webhooks what happened: each follows the log from where it was, one event after the other, and goes on behind an
 * event only when the receiver took it. One process at a time delivers to one webhook.
 */
@Injectable()
export class WebhookDeliveries implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('webhooks');
  private readonly stopping = new AbortController();
  private readonly rounds = new Repeating(
    () => this.round(),
    5 * second,
    (error) => this.logger.warn({ error: loggableError(error) }, 'webhooks could not be delivered'),
  );

  constructor(
    @Inject(Webhooks) private readonly webhooks: Webhooks,
    @Inject(WebhookSender) private readonly sender: WebhookSender,
    @Inject(MemoryQueries) private readonly queries: MemoryQueries,
    @Optional() private readonly delaysMs: readonly number[] = retryDelaysMs,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.rounds.stop();
  }

  /** @returns after how many milliseconds there may be more to do */
  async round(): Promise<number> {
    const due = await this.webhooks.take(taken, leaseMs);
    const done = await Promise.allSettled(due.map((webhook) => this.deliver(webhook)));
    for (const one of done) if (one.status === 'rejected') throw one.reason as Error;
    return due.length === taken ? 0 : pollMs;
  }

  private async deliver(webhook: LeasedWebhook): Promise<void> {
    let after = webhook.place;
    for (let page = 0; page < pagesATurn && !this.stopping.signal.aborted; page += 1) {
      const query = { after, limit: limits.changesPerPage, types: webhook.types, filter: null };
      const { changes, next, head } = await this.queries.changes(webhook.caller, query);
      for (const change of changes) {
        if (!(await this.tell(webhook, change))) return;
      }
      if (!(await this.webhooks.advance(webhook, next, false, leaseMs))) return;
      after = next;
      if (next.index === limits.eventsPerCommit && next.position >= head) break;
    }
    await this.webhooks.release(webhook);
  }

  /** @returns whether the next event may be told */
  private async tell(webhook: LeasedWebhook, change: LogChange): Promise<boolean> {
    const { url, secret, failures } = webhook;
    const message = { url, secret, id: `msg_${change.eventId}`, body: webhookPayload(change, webhook) };
    const delivery = await this.sender.send(message, this.stopping.signal);
    if (delivery.kind === 'delivered') {
      webhook.failures = 0;
      return this.webhooks.advance(webhook, change.place, true, leaseMs);
    }
    if (this.stopping.signal.aborted) await this.webhooks.release(webhook);
    else await this.webhooks.fail(webhook, delivery.reason, delivery.isGone ? null : (this.delaysMs[failures] ?? null));
    return false;
  }
}
