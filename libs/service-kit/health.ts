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
  private draining = false;

  startDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }
}
