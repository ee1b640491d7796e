import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { positionKeptMs, WrittenPositions } from '#libs/ports/written-positions.js';
import { Outage } from './outage.js';
import type { RedisClients } from './redis-client.js';
import { RedisScript } from './redis-script.js';

const mostOwed = 100_000;
const retryEveryMs = 500;
const keysPerRetry = 500;

export interface RedisWrittenPositionsOptions {
  failed: (error: Error) => void;
  /** For tests; at least `unknownMs`, or a position could be missed. */
  keptMs?: number;
  /** How long nothing is known after Redis was found without its memory. */
  unknownMs?: number;
}

/**
 * One key in Redis per API key that writes, for a minute.
 *
 * Redis may lose what it knew: by a flush, by a restart from a file that is seconds old, by a replica that takes over
 * and was behind. An empty answer would then look like "wrote nothing". So there is a marker that says since when
 * Redis has known everything; it is lost with a flush, and its name holds the run of the server, so that a server
 * which was started again, or another one, begins without a marker.
 */
export class RedisWrittenPositions extends WrittenPositions {
  private readonly client: Redis;
  private readonly outage: Outage;
  /** Positions that Redis does not have yet. */
  private readonly owed: LRUCache<string, number>;
  private readonly keptMs: number;
  private readonly unknownMs: number;
  private readonly timer: NodeJS.Timeout;
  /** Which run of the server this connection leads to; null while that is not known. */
  private run: string | null = null;

  constructor(
    private readonly clients: RedisClients,
    { failed, keptMs = positionKeptMs, unknownMs = keptMs }: RedisWrittenPositionsOptions,
  ) {
    super();
    this.keptMs = keptMs;
    this.unknownMs = unknownMs;
    this.owed = new LRUCache({ max: mostOwed, ttl: keptMs });
    this.outage = new Outage('reads wait for the end of the log', failed);
    this.client = clients.open('positions');
    this.client.on('close', () => (this.run = null));
    this.client.on('ready', () => void this.retry());
    this.timer = setInterval(() => void this.retry(), retryEveryMs);
    this.timer.unref();
  }

  override async remember(keyId: string, position: number): Promise<void> {
    try {
      await this.send(keyId, position);
      this.outage.ended();
    } catch (error) {
      this.outage.began(error);
      this.owed.set(keyId, Math.max(position, this.owed.get(keyId) ?? 0));
    }
  }

  override async last(keyId: string): Promise<number | null> {
    if (this.run === null) return null;
    try {
      const keys = [this.markerKey(this.run), this.keyOf(keyId)];
      const stored = Number(await lastScript.run(this.client, keys, [this.unknownMs]));
      this.outage.ended();
      return stored < 0 ? null : Math.max(stored, this.owed.get(keyId) ?? 0);
    } catch (error) {
      this.outage.began(error);
      return null;
    }
  }

  /** Whether the memory of Redis can be relied on by now. */
  async isKnown(): Promise<boolean> {
    return (await this.last('')) !== null;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private keyOf(keyId: string): string {
    return this.clients.key('written', keyId);
  }

  private markerKey(run: string): string {
    return this.clients.key('written-since', run);
  }

  private async send(keyId: string, position: number): Promise<void> {
    await rememberScript.run(this.client, [this.keyOf(keyId)], [position, this.keptMs]);
  }

  private async retry(): Promise<void> {
    if (this.client.status !== 'ready') return;
    try {
      this.run ??= runOf(await this.client.info('server'));
      const keyIds = [...this.owed.keys()].slice(0, keysPerRetry);
      await Promise.all(keyIds.map((keyId) => this.retryOne(keyId)));
    } catch (error) {
      this.outage.began(error);
    }
  }

  private async retryOne(keyId: string): Promise<void> {
    const position = this.owed.get(keyId);
    if (position === undefined) return;
    await this.send(keyId, position);
    // Unless a higher one came meanwhile.
    if (this.owed.get(keyId) === position) this.owed.delete(keyId);
  }
}

function runOf(info: string): string {
  const run = /^run_id:(\w+)/m.exec(info)?.[1];
  if (run === undefined) throw new Error('INFO does not tell the run_id of the server');
  return run;
}

/**
 * KEYS: the position of a key. ARGV: a position, milliseconds to keep it. Positions are compared as numbers, and
 * stored as the text that came: a number that Lua writes has 14 digits.
 */
const rememberScript = new RedisScript(`
local known = redis.call('GET', KEYS[1])
local highest = ARGV[1]
if known and tonumber(known) > tonumber(highest) then highest = known end
redis.call('SET', KEYS[1], highest, 'PX', ARGV[2])
`);

/** KEYS: the marker, the position of a key. ARGV: milliseconds that the marker must be old. Answers -1 for unknown. */
const lastScript = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local since = redis.call('GET', KEYS[1])
if not since then
  redis.call('SET', KEYS[1], string.format('%.0f', now))
  return '-1'
end
if now - tonumber(since) < tonumber(ARGV[1]) then return '-1' end
return redis.call('GET', KEYS[2]) or '0'
`);
