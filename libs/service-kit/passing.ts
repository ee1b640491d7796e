/** Connections that broke or were refused, a server that starts, stops or is full, a lost race. */
const sqlStates = /^(?:08|40|53|57)[0-9A-Z]{3}$/;
const socketCodes = /^E(?:CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)/;
/** The same, as Prisma says it: no server, too slow, hung up, too many connections, no place in the pool, a lost race. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);
/** kafkajs itself has tried some times by then. */
const kafkaNames =
  /^KafkaJS(?:NumberOfRetriesExceeded|ConnectionError|ConnectionClosedError|BrokerNotFound|NoBroker|RequestTimeout)/;
/** What pg says of a connection that goes, in an error that has no code. */
const brokenConnection =
  /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect/;

/**
 * Whether what failed will pass by itself, because a server is away, starts or is full: then it is tried again, or the
 * caller is told to come again. Told by codes and names, so that nobody here has to know the clients that throw.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  const known = typeof code === 'string' && (sqlStates.test(code) || socketCodes.test(code) || prismaCodes.has(code));
  // kafkajs wraps what ended a retry inside another retry, and keeps no more of it than the cause.
  if (error.name === 'KafkaJSNonRetriableError') return isPassing(error.cause);
  return known || kafkaNames.test(error.name) || brokenConnection.test(error.message);
}
