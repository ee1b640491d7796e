import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const checkEveryMs = 100;
const checkLimitMs = 1_000;
const silencesAllowed = 3;

export interface Balanced {
  /** Where requests go. */
  url: string;
  /** Whose `/readyz` decides whether they do. */
  adminUrl: string;
}

/**
 * What stands before the gateways: requests go in turn to those that say that they are ready, once each. One that fails
 * is answered with 502.
 */
export class LoadBalancer {
  url = '';
  private readonly agent = new Agent({ keepAlive: true });
  private readonly ready = new Set<Balanced>();
  private readonly silences = new Map<Balanced, number>();
  private readonly server: Server;
  private turn = 0;
  private isOver = false;
  private checking: Promise<unknown> = Promise.resolve();

  constructor(private readonly targets: readonly Balanced[]) {
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
  }

  async start(): Promise<void> {
    await Promise.all(this.targets.map((target) => this.check(target)));
    this.checking = Promise.all(this.targets.map((target) => this.goOnChecking(target)));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.checking;
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async goOnChecking(target: Balanced): Promise<void> {
    while (!this.isOver) {
      await sleep(checkEveryMs);
      await this.check(target);
    }
  }

  /** Out at once when it says no; when it says nothing, after some times, as on Kubernetes. */
  private async check(target: Balanced): Promise<void> {
    const signal = AbortSignal.timeout(checkLimitMs);
    const status = await fetch(`${target.adminUrl}/readyz`, { signal }).then(
      (answer) => answer.status,
      () => null,
    );
    const silences = status === null ? (this.silences.get(target) ?? 0) + 1 : 0;
    this.silences.set(target, silences);
    if (status === 200) this.ready.add(target);
    else if (status !== null || silences >= silencesAllowed) this.ready.delete(target);
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const ready = this.targets.filter((target) => this.ready.has(target));
    this.turn += 1;
    const target = ready[this.turn % ready.length];
    if (target === undefined) return fail(outgoing, 'nobody is ready');
    const { hostname, port } = new URL(target.url);
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers, agent: this.agent }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', (err) => fail(outgoing, `${target.url}: ${err.message}`));
    incoming.pipe(passed);
  }
}

function fail(outgoing: ServerResponse, reason: string): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502).end(reason);
}
