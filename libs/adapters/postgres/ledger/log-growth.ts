type Listener = (tenantId: string, position: number) => void;

/** Tells this process's followers that a tenant's log has grown, right after the commit. */
export class LogGrowth {
  private readonly listeners = new Set<Listener>();

  grew(tenantId: string, position: number): void {
    for (const listener of this.listeners) listener(tenantId, position);
  }

  /** @returns stops telling */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
