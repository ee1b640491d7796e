import { v5 as uuidv5 } from 'uuid';
import type {
  Command,
  CommandEnvelope,
  CommandOutcome,
  ConversationMessage,
  Idempotency,
} from '#libs/contracts/commands.js';
import type { Caller, Placement } from '#libs/domain/scope/ownership.js';
import type { LogSources } from '#libs/ports/log-writer.js';
import { random } from './server-random.js';
import { callerOf } from './service.js';

const namespace = 'c0f1f1a4-7d2e-5a57-9a70-5b7f2f6b7d11';
const beginsMs = Date.UTC(2025, 0, 6, 8);
const weekSeconds = 604_800;

const names = ['Ann', 'Bob', 'Caroline Smith', 'Zoë', 'user', 'Melanie'];
const places = ['Lisbon', 'Porto', 'Lyon', 'Oslo', 'the lake', 'the old harbour', 'Kraków'];
const things = ['green tea', 'dark mode', 'the billing service', 'pottery', 'a grey heron', 'invoice #4521', 'chess'];
const times = ['yesterday', 'last week', 'on 7 May 2023', 'last month', 'on Tuesday', 'in June 2023', 'two days ago'];
const sentences = [
  'I like {thing}',
  'I live in {place} and I work at Initech',
  'My sister {name} moved to {place} {time}',
  'I prefer {thing}. I live in {place}.',
  'We went to {place} {time}!',
  'Did {name} see {thing} {time}?',
  'Always answer in English',
  'I plan to visit {place} next summer with {name}',
  'Can you recommend {thing}?',
  'I started {thing} {time}, and {name} loves it.',
  'The weather is fine',
  'No, I never liked {thing} 🙂',
];
const questions = [
  'Where does {name} live?',
  'When did {name} go to {place}?',
  'What does {name} like?',
  'Who started {thing} {time}?',
  'What happened in May 2023?',
  '{thing}',
  'Was it {thing} again?',
  'Which place is {name} going to visit?',
  'What did {name} recommend about {thing}?',
  'caroline and melanie {time}',
  'recommend',
  '',
];

/** Draws what a seed decides. */
export class Chance {
  private readonly draw: () => number;

  constructor(seed: number) {
    this.draw = random(seed);
  }

  below(count: number): number {
    return Math.floor(this.draw() * count);
  }

  is(share: number): boolean {
    return this.draw() < share;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make);
  }

  sentence(patterns: readonly string[] = sentences): string {
    const choices: Record<string, readonly string[]> = { name: names, place: places, thing: things, time: times };
    return this.of(patterns).replaceAll(/\{(\w+)\}/g, (_, kind: string) => this.of(choices[kind]!));
  }

  question(): string {
    return this.sentence(questions);
  }

  /** Somebody of the tenant who writes or asks. */
  caller(tenantId: string): Caller {
    const project = this.of(['default', 'content']);
    const named = (kind: string, name: string) => ({ id: uuidv5(`${project}/${kind}/${name}`, namespace), name });
    return callerOf(tenantId, {
      project: { id: uuidv5(`project/${project}`, namespace), name: project },
      team: this.of([null, null, named('team', 'editorial'), named('team', 'support')]),
      agent: this.of([
        null,
        null,
        { ...named('agent', 'writer'), type: 'x' },
        { ...named('agent', 'seller'), type: null },
      ]),
      sessionId: this.of([null, null, null, 'monday', 'tuesday']),
      boundUserId: this.is(0.05) ? 'alice' : null,
    });
  }
}

/** The commands of one tenant, one by one: what comes next may speak of what the earlier ones made. */
export class CommandMaker {
  private readonly chance: Chance;
  private readonly known: { id: string; caller: Caller }[] = [];
  private readonly keyed: CommandEnvelope[] = [];
  private readonly told: { caller: Caller; command: Command }[] = [];
  private made = 0;
  private timeMs = beginsMs;

  constructor(
    readonly tenantId: string,
    private readonly seed: number,
  ) {
    this.chance = new Chance(seed);
  }

  next(): CommandEnvelope {
    const { chance } = this;
    this.made += 1;
    this.timeMs += chance.of([0, 1, 900, 60_000, 5_400_000]);
    const envelope = {
      commandId: uuidv5(`${this.seed}/${this.tenantId}/${this.made}`, namespace),
      correlationId: uuidv5(`request ${this.seed}/${this.tenantId}/${this.made}`, namespace),
      receivedAt: new Date(this.timeMs).toISOString(),
    };
    const repeated = this.keyed.length > 0 && chance.is(0.05) ? chance.of(this.keyed) : null;
    if (repeated !== null) return { ...repeated, ...envelope, idempotency: this.repetition(repeated.idempotency!) };
    const { caller, command } = this.request();
    const whole = { ...envelope, caller, command, idempotency: chance.is(0.2) ? this.idempotency() : null };
    if (whole.idempotency !== null) this.keyed.push(whole);
    return whole;
  }

  /** What came of a command. */
  hear({ caller }: CommandEnvelope, outcome: CommandOutcome): void {
    if (outcome.kind === 'refused') return;
    const ids = (outcome.body['memoryIds'] as string[] | undefined) ?? [];
    this.known.push(...ids.map((id) => ({ id, caller })));
  }

  private idempotency(): Idempotency {
    const kind = this.chance.of(['key', 'window'] as const);
    return { kind, key: `${kind}-${this.made}`, requestHash: `hash of ${this.made}`, ttlSeconds: weekSeconds };
  }

  private repetition(first: Idempotency): Idempotency {
    return first.kind === 'key' && this.chance.is(0.2) ? { ...first, requestHash: 'of another body' } : first;
  }

  private request(): { caller: Caller; command: Command } {
    const { chance, tenantId } = this;
    const draw = chance.below(100);
    const target = this.known.length > 0 ? chance.of(this.known) : null;
    if (target !== null && draw < 16) return { caller: target.caller, command: this.revision(target.id) };
    if (target !== null && draw < 25) return { caller: target.caller, command: this.forgetting(target.id) };
    if (this.told.length > 0 && draw > 97) return chance.of(this.told);
    const request = { caller: chance.caller(tenantId), command: this.addition(draw) };
    if (request.command.type === 'LearnMemory') this.told.push(request);
    return request;
  }

  private addition(draw: number): Command {
    const { chance } = this;
    if (draw < 31) {
      const [role, personality, agentType] = [null, 'helper', 'lead'].map(() => chance.of([null, 'calm', 'lead']));
      const name = chance.of(['writer', 'seller', 'planner', 'Ünal']);
      return { type: 'RegisterAgent', name, role: role!, personality: personality!, agentType: agentType! };
    }
    if (draw < 37) {
      const sessionId = chance.of(['monday', 'tuesday', null]);
      const reason = chance.of([null, 'needs billing']);
      const context = this.metadata();
      return { type: 'RecordHandoff', fromAgent: 'writer', toAgent: 'seller', sessionId, reason, context };
    }
    const placement = this.placement();
    if (draw < 65) {
      return { type: 'IngestConversation', messages: this.messages(), placement, metadata: this.metadata() };
    }
    const memoryType = chance.of(['fact', 'preference', 'event', 'guideline']);
    const { content, confidence, metadata } = this.statement();
    return { type: 'LearnMemory', content, memoryType, confidence, metadata, placement };
  }

  private statement() {
    const confidence = this.chance.of([0, 0.3, 0.8, 1, this.chance.below(1_000_000) / 999_983.7]);
    return {
      content: this.chance.list(2, () => this.chance.sentence()).join(' '),
      confidence,
      metadata: this.metadata(),
    };
  }

  private revision(memoryId: string): Command {
    const { chance } = this;
    const { content, confidence, metadata } = this.statement();
    const expectedVersion = chance.is(0.3) ? 1 + chance.below(3) : null;
    const change = chance.of([
      { content },
      { confidence },
      { metadata },
      { content, metadata },
      { memoryType: 'fact' },
    ]);
    return { type: 'ReviseMemory', memoryId, expectedVersion, ...change };
  }

  private forgetting(memoryId: string): Command {
    const { chance } = this;
    const single = chance.is(0.7);
    const others = single ? [] : chance.list(3, () => chance.of(this.known).id);
    return { type: 'ForgetMemories', memoryIds: [memoryId, ...others], hard: chance.is(0.5), single };
  }

  private placement(): Placement {
    const { chance } = this;
    return {
      scope: chance.of([null, null, 'personal', 'team', 'project', 'session']),
      userId: chance.of([null, null, 'alice', 'bob']),
      agentId: chance.of([null, null, 'label-a']),
      teamId: chance.of([null, null, 'label-t']),
      conversationId: chance.of([null, 'picnic', 'standup', 'holiday']),
    };
  }

  private messages(): ConversationMessage[] {
    const { chance } = this;
    const startMs = Date.UTC(2023, 4, 1 + chance.below(60), chance.below(24));
    const isDated = chance.is(0.7);
    // One in a hundred is too long for one commit.
    const most = chance.is(0.01) ? 150 : 4;
    return chance
      .list(most, () => chance.sentence())
      .map((content, index) => ({
        content,
        role: chance.of(['user', 'user', 'assistant', 'system']),
        name: chance.of([null, ...names]),
        externalId: chance.of([null, `D${this.made}:${index}`]),
        saidAt: isDated ? new Date(startMs + index * 61_000).toISOString() : null,
      }));
  }

  private metadata(): Record<string, unknown> {
    const { chance } = this;
    return chance.of<() => Record<string, unknown>>([
      () => ({}),
      () => ({}),
      () => ({ tier: chance.of(['gold', 'silver', 3]), 'long key': chance.below(1e6) / 7 }),
      () => ({
        due: new Date(beginsMs + chance.below(90) * 86_400_000).toISOString(),
        tags: chance.list(3, () => chance.of(things)),
      }),
      () => ({ nested: { b: [1, null, { a: 'Zoë \u2028' }], a: -0.1 }, empty: {}, off: false, nothing: null }),
    ])();
  }
}

/** The time of a commit is that of its command, and its ids are numbered from it. */
export class CommandSources implements LogSources {
  private readonly underWay = new Map<string, { envelope: CommandEnvelope; ids: number }>();

  /** The next commits of the tenant are this command's. */
  begin(envelope: CommandEnvelope): void {
    this.underWay.set(envelope.caller.tenantId, { envelope, ids: 0 });
  }

  now(tenantId: string): Date {
    return new Date(this.underWay.get(tenantId)!.envelope.receivedAt);
  }

  newId(tenantId: string): string {
    const current = this.underWay.get(tenantId)!;
    current.ids += 1;
    return uuidv5(`id ${current.envelope.commandId}/${current.ids}`, namespace);
  }
}
