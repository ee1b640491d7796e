import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookSenderContract, type WebhookSenderUnderTest } from '#libs/ports/contracts/webhook-sender.contract.js';
import { expectedSignature } from '#test/harness/scripted-receiver.js';
import { HttpWebhookSender } from './webhook-sender.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

webhookSenderContract('the sender by HTTP', async () => {
  const received: { path: string; isSigned: boolean }[] = [];
  let how: Parameters<WebhookSenderUnderTest['answer']>[0] = 'takes it';
  const answer = (outgoing: ServerResponse): void => {
    if (how === 'takes it') outgoing.writeHead(204).end();
    else if (how === 'redirects to itself') outgoing.writeHead(302, { location: '/elsewhere' }).end();
    else if (how === 'is gone') outgoing.writeHead(410).end();
    else if (how === 'hangs up') outgoing.socket?.destroy();
    else {
      const talking = setInterval(() => outgoing.write('x'.repeat(1_000)), 5);
      outgoing.on('close', () => clearInterval(talking));
    }
  };
  const server = createServer((incoming, outgoing) => {
    let raw = '';
    incoming.setEncoding('utf8').on('data', (text: string) => (raw += text));
    incoming.on('end', () => {
      const isSigned =
        incoming.headers['webhook-signature'] === expectedSignature(secret, { headers: incoming.headers, raw });
      received.push({ path: incoming.url ?? '', isSigned });
      answer(outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    strict: new HttpWebhookSender({ allowPrivate: false }),
    lenient: new HttpWebhookSender({ allowPrivate: true }),
    receiverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      how = next;
    },
    received: () => received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});
