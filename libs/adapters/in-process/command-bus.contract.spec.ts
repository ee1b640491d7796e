import { expect, it } from '@jest/globals';
import { commandBusContract } from '#libs/ports/contracts/command-bus.contract.js';
import { InProcessCommandBus } from './command-bus.js';

commandBusContract('the command bus by direct call', (handle) => new InProcessCommandBus(handle));

it('the command bus by direct call forgets what it has answered, and drains', async () => {
  const done: number[] = [];
  const bus = new InProcessCommandBus(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(done.length);
    return { kind: 'refused', code: 'not_found', detail: '' };
  });
  const caller = { tenantId: 'acme', sessionId: 's' } as never;
  const envelope = { commandId: 'c', caller, command: { type: 'LearnMemory' } } as never;
  for (let count = 0; count < 4; count += 1) void bus.execute(envelope);
  await bus.drain();
  expect(done).toHaveLength(4);
  await bus.drain();
});
