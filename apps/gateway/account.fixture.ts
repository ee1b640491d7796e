import { ReadDays } from '#libs/ports/read-days.js';
import { type Webhook, Webhooks, WebhookSender } from '#libs/ports/webhooks.js';

/** What the gateway only hands on: it is tested on the real stores. */
export class FakeReadDays extends ReadDays {
  override noteRead(): void {}

  override async lastReadDays() {
    return new Map<string, string>();
  }

  override async flush(): Promise<void> {}
}

export class FakeWebhooks extends Webhooks {
  override async create(): Promise<{ webhook: Webhook; secret: string }> {
    throw new Error('webhooks are tested on the real store');
  }

  override async list() {
    return [];
  }

  override async secret() {
    return null;
  }

  override async remove() {
    return false;
  }

  override async sendBack() {
    return false;
  }

  override async enable() {
    return false;
  }

  override async take() {
    return [];
  }

  override async advance() {
    return false;
  }

  override async fail() {
    return false;
  }

  override async release() {}
}

export class FakeSender extends WebhookSender {
  override async refusal() {
    return 'is not looked at here';
  }

  override async send(): Promise<never> {
    throw new Error('the gateway sends nothing here');
  }
}
