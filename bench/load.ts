/** The load: callbacks sealed beforehand, sent over kept connections with as little work as possible, so that the server is what is measured. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createCipher } from '../src/wecom/crypto.ts';

export type Shot = { readonly ms: number; readonly body: string };

/** One user message at the robot's door, as bytes; its nonce is its msgid. */
export function createMessages(door: { token: string; aesKey: string }): (userId: string, content: string) => Buffer {
  const cipher = createCipher({ ...door, receiveId: '' });
  let count = Math.floor(Math.random() * 1e9) * 1e5;
  return (userId, content) => {
    const msgid = String(++count);
    const plain = JSON.stringify({
      msgid,
      aibotid: 'aibBench',
      chattype: 'single',
      from: { userid: userId },
      msgtype: 'text',
      text: { content },
    });
    const { encrypt, msgsignature, timestamp } = cipher.seal(plain, Math.floor(Date.now() / 1000), msgid);
    const body = JSON.stringify({ encrypt });
    const path = `/wecom/bot?msg_signature=${msgsignature}&timestamp=${timestamp}&nonce=${msgid}`;
    return Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };
}

/** Plaintext of an answer from the robot's door. */
export function openAnswer(door: { token: string; aesKey: string }, body: string): string {
  const { encrypt, msgsignature, timestamp, nonce } = JSON.parse(body) as {
    encrypt: string;
    msgsignature: string;
    timestamp: number;
    nonce: string;
  };
  const signed = { msgSignature: msgsignature, timestamp: String(timestamp), nonce };
  return createCipher({ ...door, receiveId: '' }).open(signed, encrypt, new Date());
}

/** Sends all of them, `connections` at once; each connection has its own stripe, so that who is in one stripe is heard in order. @throws Error at the first answer that is not 200 */
export async function fire(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<{ seconds: number; shots: Shot[] }> {
  const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1').setNoDelay());
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const shots: Shot[] = [];
  const startedAt = performance.now();
  await Promise.all(
    sockets.map(async (socket, stripe) => {
      const ask = asking(socket);
      for (let n = stripe; n < requests.length; n += connections) {
        const request = requests[n] as Buffer;
        const askedAt = performance.now();
        const body = await ask(request);
        shots.push({ ms: performance.now() - askedAt, body });
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, shots };
}

/** One request after the other over a kept connection. */
export function asking(socket: Socket): (request: Buffer) => Promise<string> {
  let heard = '';
  let settle: { resolve(body: string): void; reject(error: Error): void } | undefined;
  socket.on('close', () => settle?.reject(new Error('connection closed')));
  socket.on('error', (error) => settle?.reject(error));
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    const bodyAt = heard.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const length = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
    if (heard.length < bodyAt + length) return;
    const body = heard.slice(bodyAt);
    if (heard.startsWith('HTTP/1.1 200 ')) settle?.resolve(body);
    else settle?.reject(new Error(heard.slice(0, 40)));
    heard = '';
  });
  return (request) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(request);
    });
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}
