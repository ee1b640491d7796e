import kafkajs, { type Kafka as KafkaClient, type KafkaConfig, type SASLOptions } from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

export interface KafkaSettings {
  /** `host:port`, at least one. */
  brokers: readonly string[];
  tls: boolean;
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | null;
}

/** What the client has to say of brokers that come and go; it never holds the content of a record. */
export type KafkaLog = (level: 'warn' | 'error', message: string) => void;

/**
 * The standard settings give up within 12 to 23 seconds and come back half a minute late; these outlast the restart of a
 * broker and are back within two seconds. A missing topic is retried like anything else, so topics are checked at start.
 */
export const patiently = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 60 };
/**
 * For producers: somebody waits for the answer, or tries again by himself. It has to be the client's own setting, because
 * a producer looks for its brokers with that one.
 */
export const briefly = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 };

export function kafkaClient(
  { brokers, tls, sasl }: KafkaSettings,
  clientId: string,
  log: KafkaLog,
  retry = patiently,
): KafkaClient {
  const config: KafkaConfig = {
    clientId,
    brokers: [...brokers],
    ssl: tls,
    sasl: sasl === null ? undefined : (sasl as SASLOptions),
    retry,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log: { message, error } }) =>
        log(level === logLevel.ERROR ? 'error' : 'warn', `${namespace}: ${message}${error ? `: ${error}` : ''}`),
  };
  return new Kafka(config);
}
