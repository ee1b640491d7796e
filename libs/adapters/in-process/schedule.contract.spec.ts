import { scheduleContract } from '#libs/ports/contracts/schedule.contract.js';
import { InProcessSchedule } from './schedule.js';

scheduleContract('InProcessSchedule', async () => {
  const failures: string[] = [];
  return { processes: [new InProcessSchedule(({ message }) => failures.push(message))], failures };
});
