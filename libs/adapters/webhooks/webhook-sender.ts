import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type ClientRequest, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { type Delivery, type WebhookMessage, WebhookSender } from '#libs/ports/webhooks.js';
import { isPublicAddress, PrivateAddress, publicLookup } from './public-addresses.js';

const timeoutMs = 10_000;
const statusGone = 410;
const secretPrefix = 'whsec_';

export interface WebhookSenderOptions {
  /** For tests and closed networks: private addresses, and `http:`. */
  allowPrivate: boolean;
  now?: () => Date;
}

/** Sends over a connection of its own each time, and reads no more of an answer than its status. */
export class HttpWebhookSender extends WebhookSender {
  constructor(private readonly options: WebhookSenderOptions) {
    super();
  }

  override async refusal(address: string): Promise<string | null> {
    if (!URL.canParse(address)) return 'is not a URL';
    const url = new URL(address);
    const { allowPrivate } = this.options;
    const protocols = allowPrivate ? ['https:', 'http:'] : ['https:'];
    if (!protocols.includes(url.protocol)) return 'must begin with https://';
    if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
    if (allowPrivate) return null;
    const host = hostOf(url);
    const addresses = isIP(host) ? [{ address: host }] : await lookup(host, { all: true }).catch(() => []);
    if (addresses.length === 0) return 'has a host whose name means nothing here';
    return addresses.every((one) => isPublicAddress(one.address)) ? null : 'leads to an address that is not public';
  }

  override async send(message: WebhookMessage, signal?: AbortSignal): Promise<Delivery> {
    const url = new URL(message.url);
    const host = hostOf(url);
    // A socket looks names up, and only names.
    if (!this.options.allowPrivate && isIP(host) && !isPublicAddress(host)) return failed(new PrivateAddress());
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const status = await this.post(url, message, signal ? AbortSignal.any([signal, timeout]) : timeout);
      if (status >= 200 && status < 300) return { kind: 'delivered', status };
      return { kind: 'failed', status, reason: `The receiver answered ${status}.`, isGone: status === statusGone };
    } catch (error) {
      return failed(timeout.aborted ? (timeout.reason as Error) : (error as Error));
    }
  }

  private post(url: URL, { id, secret, body }: WebhookMessage, signal: AbortSignal): Promise<number> {
    const timestamp = String(Math.floor((this.options.now?.() ?? new Date()).getTime() / 1000));
    const options: RequestOptions = {
      ...{ method: 'POST', agent: false, signal },
      ...(!this.options.allowPrivate && { lookup: publicLookup as RequestOptions['lookup'] }),
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'memorystack-webhooks/1',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature(secret, `${id}.${timestamp}.${body}`),
      },
    };
    return new Promise((resolve, reject) => {
      const request: ClientRequest = (url.protocol === 'https:' ? requestHttps : requestHttp)(
        url,
        options,
        (answer) => {
          // Whatever it says, and a redirect above all, is not followed.
          answer.on('error', () => undefined);
          answer.destroy();
          resolve(answer.statusCode ?? 0);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** `v1`: HMAC-SHA256 over id, time and body, under the bytes that the secret is the Base64 of. */
function signature(secret: string, signed: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

const reasons: Readonly<Record<string, string>> = {
  PrivateAddress: 'The address leads to what is not public.',
  TimeoutError: `The receiver did not answer within ${timeoutMs / 1000} s.`,
  ECONNREFUSED: 'The receiver takes no connection.',
  ECONNRESET: 'The receiver hung up.',
  ENOTFOUND: 'The name of the receiver means nothing here.',
};

function failed(error: Error): Delivery {
  const { code } = error as NodeJS.ErrnoException;
  const known = reasons[error.name] ?? reasons[code ?? ''];
  const reason = known ?? `The receiver could not be reached (${code ?? error.name}).`;
  return { kind: 'failed', status: null, reason, isGone: false };
}
