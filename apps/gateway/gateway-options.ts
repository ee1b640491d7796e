import type { DestinationStream } from 'pino';

/** What the gateway needs to know from the configuration. A class, because it is the Nest token too. */
export abstract class GatewayOptions {
  /** How long the same write without an `Idempotency-Key` counts as a retry; 0 switches this off. */
  abstract readonly retryWindowSeconds: number;
  /** A command that takes longer is answered with 202 and goes on. */
  abstract readonly commandTimeoutMs: number;
  /** Signs the cursors of pages; at least 32 secret bytes, the same in every gateway process. */
  abstract readonly cursorKey: Uint8Array;
  /** Of a tenant whose plan names no rate of its own. */
  abstract readonly rateLimitPerSecond: number;
  abstract readonly rateLimitBurst: number;
  abstract readonly logLevel: string;
  /** Where log lines go; standard output when absent. */
  abstract readonly logDestination?: DestinationStream;
}

export const apiPath = 'api/v1';
