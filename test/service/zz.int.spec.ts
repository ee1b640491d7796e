import { it } from '@jest/globals';
import { callerOf, startTestService, statement } from '#test/harness/service.js';
it('speed', async () => {
  const service = await startTestService(['acme']);
  const forms = { paged: (i: number) => `paged ${i % 10} ${i}`, zebra: (i: number) => `The zebra number ${i} is called Zora ${i}`, wombat: (i: number) => `a wombat${i} and a pair ${i}`, plain: (i:number)=>`Note ${i}: the quick brown fox ${i * 7} jumps over dogs` , city: (i:number)=>`User ${i} lives in City${i}`};
  for (const [name, form] of Object.entries(forms)) {
    const caller = callerOf('acme', { project: { id: name, name } });
    const start = performance.now();
    const before = await service.log.headPosition('acme');
    let sup = 0, con = 0;
    await Promise.all(Array.from({ length: 16 }, async (_, w) => { for (let k = 0; k < 15; k += 1) { const r = await service.send(caller, statement(form(w * 15 + k))); sup += (r.body['supersededIds'] as string[]).length; con += (r.body['contradictionIds'] as string[]).length; } }));
    const ms = performance.now() - start;
    process.stdout.write(`${name}: ${(240 / ms * 1000).toFixed(0)}/s superseded ${sup} contradictions ${con} commits ${(await service.log.headPosition('acme')) - before}\n`);
  }
  await service.stop();
}, 300000);
