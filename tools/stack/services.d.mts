import type { ChildProcess } from 'node:child_process';

export type ServiceName = 'ingestion' | 'search' | 'maintenance' | 'gateway';
export const SERVICES: readonly ServiceName[];

export interface Exit {
  code: ChildProcess['exitCode'];
  signal: ChildProcess['signalCode'];
}

export class Service {
  readonly name: ServiceName;
  output: string;
  constructor(
    name: ServiceName,
    variables: Record<string, string>,
    hear?: { tell?: (line: string) => void; onEnd?: (sentence: string) => void },
  );
  readonly variables: Record<string, string>;
  readonly pid: number | null;
  readonly isRunning: boolean;
  readonly offers: string | null;
  readonly adminUrl: string;
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<Exit>;
}

export function serviceVariables(
  shared: Record<string, string>,
  gateway?: { port?: string; grpcPort?: string },
): Promise<Record<ServiceName, Record<string, string>>>;

export function prepareServices(variables: Record<string, string>): Promise<string>;
