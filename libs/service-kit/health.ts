/** Whether a service wants work, in a sentence for people and, for programs, in facts. */
export interface ReadyState {
  ready: boolean;
  detail: string;
  facts?: Record<string, unknown>;
}

/**
 * Whether this process wants requests. On SIGTERM the process first says no here, so that load balancers turn away
 * while it still answers, and closes some seconds later.
 */
export class Readiness {
  private readonly draining = new AbortController();

  startDraining(): void {
    this.draining.abort();
  }

  get isDraining(): boolean {
    return this.draining.signal.aborted;
  }

  /** Ends what would go on for ever, such as streams that follow the log. */
  get drained(): AbortSignal {
    return this.draining.signal;
  }
}
