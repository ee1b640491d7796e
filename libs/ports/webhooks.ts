import type { Caller } from '#libs/domain/scope/ownership.js';
import type { LogPlace } from './memory-queries.js';

/** Whom to tell of what happens. */
export interface Webhook {
  id: string;
  tenantId: string;
  url: string;
  /** Whose eyes it sees with. */
  caller: Caller;
  /** Types of events; null: every type. */
  types: string[] | null;
  /** Whether texts are sent too, and not only ids. */
  includeContent: boolean;
  state: 'active' | 'disabled';
  /** Behind the last event that was delivered, or looked at. */
  place: LogPlace;
  /** Deliveries that failed since the last that did not. */
  failures: number;
  lastError: string | null;
  /** ISO 8601 in UTC. */
  lastDeliveredAt: string | null;
  createdAt: string;
}

export type NewWebhook = Pick<Webhook, 'tenantId' | 'url' | 'caller' | 'types' | 'includeContent' | 'place'>;

/** A webhook that this process alone delivers to, for a while. */
export interface LeasedWebhook extends Webhook {
  secret: string;
  lease: string;
}

/**
 * Port: the webhooks of all tenants, and who delivers to them.
 *
 * Promises:
 * - A secret is told by `create` and to whoever delivers, and by nothing else; address and secret are stored sealed.
 * - One lease at a time holds a webhook. When its time is over, or the webhook was sent back, removed, or its API key
 *   revoked, `advance` and `fail` answer false and change nothing.
 * - `take` answers webhooks that are active, whose time has come, and whose log goes beyond their place; the longest
 *   waiting first.
 */
export abstract class Webhooks {
  abstract create(made: NewWebhook): Promise<{ webhook: Webhook; secret: string }>;
  /** The oldest first. */
  abstract list(tenantId: string): Promise<Webhook[]>;
  abstract secret(tenantId: string, id: string): Promise<string | null>;
  abstract remove(tenantId: string, id: string): Promise<boolean>;
  /** Goes on from `place`, at once; whoever delivers now stops. */
  abstract sendBack(tenantId: string, id: string, place: LogPlace): Promise<boolean>;
  /** Makes it active, and forgets its failures. */
  abstract enable(tenantId: string, id: string): Promise<boolean>;
  abstract take(limit: number, leaseMs: number): Promise<LeasedWebhook[]>;
  /** Everything up to `place` was dealt with; the lease goes on for `leaseMs`. */
  abstract advance(webhook: LeasedWebhook, place: LogPlace, delivered: boolean, leaseMs: number): Promise<boolean>;
  /** @param retryInMs null: it is disabled */
  abstract fail(webhook: LeasedWebhook, error: string, retryInMs: number | null): Promise<boolean>;
  abstract release(webhook: LeasedWebhook): Promise<void>;
}

export interface WebhookMessage {
  url: string;
  secret: string;
  /** The same for every attempt at the same message. */
  id: string;
  body: string;
}

export type Delivery =
  | { kind: 'delivered'; status: number }
  /** `isGone`: the receiver wants no more, ever. `reason` quotes nobody. */
  | { kind: 'failed'; status: number | null; reason: string; isGone: boolean };

/**
 * Port: sends one message to a receiver, signed as the Standard Webhooks specification says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * Promises:
 * - It connects to no private, loopback, link-local or otherwise special address, whatever a name resolves to at the
 *   moment of connecting, and follows no redirect, unless the installation allows private addresses.
 * - It answers within some seconds, however long the receiver takes and however much it says.
 */
export abstract class WebhookSender {
  /** What is wrong with an address, as the end of a sentence; null where it may be sent to. */
  abstract refusal(url: string): Promise<string | null>;
  abstract send(message: WebhookMessage, signal?: AbortSignal): Promise<Delivery>;
}
