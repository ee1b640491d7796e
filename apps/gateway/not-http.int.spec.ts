import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AddressInfo, connect } from 'node:net';
import { type GatewayUnderTest, startGateway } from './gateway.fixture.js';

describe('a listening gateway', () => {
  let gateway: GatewayUnderTest;
  let port: number;
  beforeAll(async () => {
    gateway = await startGateway();
    await gateway.application.listen(0, '127.0.0.1');
    port = (gateway.application.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(() => gateway.application.close());

  /** Sends bytes and reads until the server hangs up. */
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.setTimeout(5000, () => socket.destroy(new Error(`no end after: ${answer}`)));
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('error', reject);
      socket.on('end', () => resolve(answer));
    });

  it.each([
    ['what is not HTTP', 'MAY I COME IN\r\n\r\n', 'not an HTTP request'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01', 'not an HTTP request'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'larger than'],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 'Host'],
    ['an unknown expectation', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n', '100-continue'],
    ['a false length', 'POST /api/v1/memories HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 'not an HTTP request'],
  ])('answers %s with problem+json and hangs up', async (_, bytes, sentence) => {
    const answer = await exchange(bytes);
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(body!.slice(body!.indexOf('{'), body!.lastIndexOf('}') + 1))).toMatchObject({
      status: 400,
      code: 'validation_failed',
      detail: expect.stringContaining(sentence),
    });
  });

  it('still serves afterwards', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/livez`);
    expect(answer.status).toBe(200);
  });
});
