import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON, taken to be what the contract of the route says. */
  json<Body = Record<string, unknown>>(): Body;
}

export interface Sent {
  /** Bytes and texts go out as they are, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Another API key than the client's; null shows none. */
  key?: string | null;
}

/** Requests to one server, close to the wire: it neither retries nor follows, and sends what a test says. */
export class ServerClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(
    readonly url: string,
    private readonly key: string | null,
  ) {}

  get(path: string, sent: Sent = {}): Promise<Answer> {
    return this.send('GET', path, sent);
  }

  post(path: string, body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.send('POST', path, { ...sent, body });
  }

  patch(path: string, body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.send('PATCH', path, { ...sent, body });
  }

  delete(path: string, sent: Sent = {}): Promise<Answer> {
    return this.send('DELETE', path, sent);
  }

  /** @param path below `/api/v1`; one that starts with `//` is taken from the root, without its first slash */
  send(method: string, path: string, { body, headers, key = this.key }: Sent = {}): Promise<Answer> {
    const payload =
      body === undefined || typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body);
    const whole = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const outgoing = request(
        {
          ...{ hostname, port, method, path: whole, agent: this.agent },
          headers: {
            ...(key !== null && { authorization: `Bearer ${key}` }),
            ...(payload !== undefined && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(payload)),
            }),
            ...headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const json = <Body>() => JSON.parse(text) as Body;
            resolve({ status: incoming.statusCode!, headers: incoming.headers, text, json });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  /** Opens a stream of server-sent events, and reads until it is closed. */
  listen(path: string, headers: Record<string, string> = {}): Listening {
    return new Listening(new URL(`/api/v1${path}`, this.url), {
      ...{ accept: 'text/event-stream', ...(this.key !== null && { authorization: `Bearer ${this.key}` }) },
      ...headers,
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** What a stream has told so far. */
export class Listening {
  headers: IncomingHttpHeaders = {};
  private text = '';
  private hasEnded = false;
  private heard: () => void = () => undefined;
  private readonly outgoing: ClientRequest;

  constructor(url: URL, headers: Record<string, string>) {
    this.outgoing = request(url, { headers, agent: false }, (incoming) => {
      this.headers = incoming.headers;
      incoming.setEncoding('utf8').on('data', (text: string) => {
        this.text += text;
        this.heard();
      });
      incoming.on('error', () => undefined);
      incoming.on('close', () => {
        this.hasEnded = true;
        this.heard();
      });
    });
    this.outgoing.on('error', () => undefined);
    this.outgoing.end();
  }

  /** Resolves with all that was told, once it is what is waited for; rejects when the stream ends before. */
  async until(isEnough: (text: string) => boolean): Promise<string> {
    while (!isEnough(this.text)) {
      if (this.hasEnded) throw new Error(`The stream ended after: ${this.text}`);
      await new Promise<void>((resolve) => (this.heard = resolve));
    }
    return this.text;
  }

  /** Resolves when the server ends the stream. */
  async end(): Promise<string> {
    while (!this.hasEnded) await new Promise<void>((resolve) => (this.heard = resolve));
    return this.text;
  }

  close(): void {
    this.outgoing.destroy();
  }
}

/** Sends bytes as they are and reads until the server hangs up, or for `waitMs`. */
export function sendBytes(url: string, bytes: string | Buffer, waitMs = 5_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    // A server that hangs up while we still write is what a test may be about.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.write(bytes);
  });
}
