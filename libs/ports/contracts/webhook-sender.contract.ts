import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, WebhookSender } from '../webhooks.js';

export interface WebhookSenderUnderTest {
  /** That of an installation on the internet. */
  strict: WebhookSender;
  /** That of one which allows private addresses. */
  lenient: WebhookSender;
  /** Address of a receiver on loopback, and a name that means it. */
  receiverUrl: string;
  /** What the receiver does with the next messages. */
  answer(how: 'takes it' | 'redirects to itself' | 'is gone' | 'talks for ever' | 'hangs up'): void;
  /** Paths of the messages that came, with whether their signature is right. */
  received(): { path: string; isSigned: boolean }[];
  stop(): Promise<void>;
}

const message = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', id: 'msg_1', body: '{"type":"test","text":"ü😀"}' };

/** The promises of `WebhookSender`, one test each. */
export function webhookSenderContract(name: string, start: () => Promise<WebhookSenderUnderTest>): void {
  describe(`${name} keeps the promises of WebhookSender`, () => {
    let subject: WebhookSenderUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    const send = (path: string): Promise<Delivery> =>
      subject.lenient.send({ ...message, url: `${subject.receiverUrl}${path}` });

    it('signs what it sends', async () => {
      subject.answer('takes it');
      expect(await send('/signed')).toEqual({ kind: 'delivered', status: 204 });
      expect(subject.received().at(-1)).toEqual({ path: '/signed', isSigned: true });
    });

    it('follows no redirect', async () => {
      subject.answer('redirects to itself');
      const before = subject.received().length;
      expect(await send('/moved')).toMatchObject({ kind: 'failed', status: 302, isGone: false });
      expect(subject.received().length).toBe(before + 1);
    });

    it('tells a receiver that wants no more from one that fails', async () => {
      subject.answer('is gone');
      expect(await send('/gone')).toMatchObject({ kind: 'failed', status: 410, isGone: true });
      subject.answer('hangs up');
      expect(await send('/hung-up')).toMatchObject({ kind: 'failed', status: null, isGone: false });
    });

    it('reads no more than the status of an answer that never ends', async () => {
      subject.answer('talks for ever');
      expect(await send('/endless')).toEqual({ kind: 'delivered', status: 200 });
    });

    it.each([
      ...['https://127.0.0.1/', 'https://10.1.2.3/', 'https://192.168.0.1:8443/', 'https://172.16.0.1/'],
      // The addresses of metadata services of clouds, and other ways to write loopback.
      ...['https://169.254.169.254/latest/meta-data/', 'https://[fd00:ec2::254]/', 'https://100.100.100.200/'],
      ...['https://2130706433/', 'https://0x7f.1/', 'https://127.1/', 'https://0/', 'https://[::1]/', 'https://[::]/'],
      ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:a00:1]/', 'https://[64:ff9b::7f00:1]/', 'https://[fe80::1]/'],
      ...['https://localhost/', 'https://localhost:8443/'],
    ])('refuses %s when it is named, and connects to it no more than then', async (url) => {
      expect(await subject.strict.refusal(url)).toBe('leads to an address that is not public');
      expect(await subject.strict.send({ ...message, url })).toEqual({
        ...{ kind: 'failed', status: null, isGone: false },
        reason: 'The address leads to what is not public.',
      });
    });

    it('looks at what a name means when it connects, and not only before', async () => {
      subject.answer('takes it');
      const before = subject.received().length;
      const { port } = new URL(subject.receiverUrl);
      const byName = `http://localhost:${port}/rebound`;
      expect(await subject.lenient.send({ ...message, url: byName })).toMatchObject({ kind: 'delivered' });
      expect(await subject.strict.send({ ...message, url: byName })).toMatchObject({
        reason: 'The address leads to what is not public.',
      });
      expect(subject.received().length).toBe(before + 1);
    });

    it.each([
      ['receiver.example', 'is not a URL'],
      ['http://1.1.1.1/', 'must begin with https://'],
      ['ftp://1.1.1.1/', 'must begin with https://'],
      ['file:///etc/passwd', 'must begin with https://'],
      ['https://user:word@1.1.1.1/', 'must not hold a user or a password'],
      ['https://nobody.invalid/', 'has a host whose name means nothing here'],
    ])('refuses %s', async (url, reason) => {
      expect(await subject.strict.refusal(url)).toBe(reason);
    });

    it.each(['https://1.1.1.1/hook', 'https://[2606:4700::1111]/hook'])('takes %s', async (url) => {
      expect(await subject.strict.refusal(url)).toBeNull();
    });
  });
}
