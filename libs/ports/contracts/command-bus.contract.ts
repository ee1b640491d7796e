import { describe, expect, it } from '@jest/globals';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { CommandBus } from '../command-bus.js';

type Handle = (envelope: CommandEnvelope) => Promise<CommandOutcome>;

let made = 0;

/** The promises of `CommandBus`, one test each. */
export function commandBusContract(name: string, busOn: (handle: Handle) => CommandBus): void {
  describe(`${name} keeps the promises of CommandBus`, () => {
    it('runs commands with the same ordering key one after another, in the order they were executed', async () => {
      const started: string[] = [];
      let running = 0;
      const bus = busOn(async (envelope) => {
        running += 1;
        expect(running).toBe(1);
        started.push(envelope.commandId);
        await wait(started.length % 3);
        running -= 1;
        return accepted(envelope);
      });
      const envelopes = Array.from({ length: 20 }, () => revising('m'));
      const outcomes = await Promise.all(envelopes.map((envelope) => bus.execute(envelope)));
      expect(started).toEqual(envelopes.map(({ commandId }) => commandId));
      expect(outcomes).toEqual(envelopes.map(accepted));
    });

    it('runs commands with different ordering keys side by side', async () => {
      const gate = new Gate();
      let running = 0;
      const bus = busOn(async (envelope) => {
        running += 1;
        // Only opens when all of them are there, so running them one after another would never end.
        if (running === 5) gate.open();
        await gate.opened;
        return accepted(envelope);
      });
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((memoryId) => bus.execute(revising(memoryId))));
      expect(running).toBe(5);
    });

    it('tells an outcome only after the handler is done', async () => {
      const gate = new Gate();
      let isTold = false;
      const bus = busOn(async (envelope) => {
        await gate.opened;
        return accepted(envelope);
      });
      const told = bus.execute(revising('m')).then(() => (isTold = true));
      await wait(20);
      expect(isTold).toBe(false);
      gate.open();
      await told;
    });

    it('lets a failing command fail alone, and the next one with the same key still run', async () => {
      const bus = busOn(async (envelope) => {
        if (envelope.command.type === 'ReviseMemory' && envelope.command.content === 'fail') throw new Error('broken');
        return accepted(envelope);
      });
      const [failing, next, refused] = [revising('m', 'fail'), revising('m'), revising('n')];
      const results = await Promise.allSettled([failing, next, refused].map((envelope) => bus.execute(envelope)));
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(results[0]).toMatchObject({ reason: new Error('broken') });
      expect(await bus.execute(revising('m'))).toMatchObject({ kind: 'accepted' });
    });

    it('says that a command is taken before it tells the outcome, once', async () => {
      const heard: string[] = [];
      const bus = busOn(async (envelope) => accepted(envelope));
      await bus.execute(revising('m'), () => heard.push('taken')).then(() => heard.push('outcome'));
      expect(heard).toEqual(['taken', 'outcome']);
    });

    it('gives a refusal as an outcome', async () => {
      const refusal: CommandOutcome = { kind: 'refused', code: 'not_found', detail: 'gone' };
      expect(await busOn(async () => refusal).execute(revising('m'))).toEqual(refusal);
    });
  });
}

/** Opens once, for everybody who waits. */
class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

function accepted({ commandId }: CommandEnvelope): CommandOutcome {
  return { kind: 'accepted', position: 1, replayed: false, body: { commandId } };
}

function revising(memoryId: string, content = 'x'): CommandEnvelope {
  made += 1;
  const project = { id: 'p', name: 'default' };
  const command: Command = { type: 'ReviseMemory', memoryId, expectedVersion: null, content };
  return {
    commandId: `command-${made}`,
    correlationId: 'request',
    caller: { tenantId: 'acme', keyId: 'k', project, team: null, agent: null, sessionId: null, boundUserId: null },
    idempotency: null,
    receivedAt: '2026-03-01T10:00:00.000Z',
    command,
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
