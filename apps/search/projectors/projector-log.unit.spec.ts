import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FollowerReport } from '#libs/projections/projection-follower.js';
import { createLogger, NestLog } from '#libs/service-kit/logging.js';
import { exposition } from '#libs/service-kit/metrics.js';
import { ProjectorLog } from './projector-log.js';

const quoting = Object.assign(new Error('invalid input: "my secret diary"'), { code: '22P02' });

describe('ProjectorLog', () => {
  let lines: string[];
  let log: FollowerReport;
  beforeEach(() => {
    lines = [];
    Logger.overrideLogger(new NestLog(createLogger('trace', { write: (line: string) => void lines.push(line) })));
    log = new ProjectorLog();
  });
  afterEach(() => Logger.overrideLogger(['log', 'error', 'warn', 'debug', 'verbose', 'fatal']));

  it('says which batch failed, with the code of the error and without its message, and counts it', async () => {
    const retries = async () => Number(/^memorystack_projection_retries_total (\d+)$/m.exec(await exposition())![1]);
    const before = await retries();
    log.failed('acme', quoting);
    expect(lines.join()).toContain('a batch of tenant acme failed');
    expect(lines.join()).toContain('22P02');
    expect(lines.join()).not.toContain('secret');
    expect(await retries()).toBe(before + 1);
  });

  it('says which stream is parked, without the message of the error', () => {
    log.parked('acme', 'memory-1', quoting.message);
    expect(lines.join()).toContain('parked memory-1 of tenant acme');
    expect(lines.join()).not.toContain('secret');
  });
});
