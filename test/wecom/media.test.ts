/** Pictures: decrypted only when every padding byte is right, taken only when they are pictures, fetched only from WeCom. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { seal } from '../../src/playground/media.ts';
import { asPicture, decryptMedia, fetchMedia, isAllowed, MediaError, PHOTO_BYTES } from '../../src/wecom/media.ts';

const KEY = 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg';
const HOST = /^ww-aibot-[\w.-]+\.myqcloud\.com$/;
const OWN = 'http://127.0.0.1:4000';

test('the golden vector (protocol A.4.1)', () => {
  const sealed = Buffer.from('4475c44a2431acd27bf41ac96083771bcfd7894ad40ea6fa2021f5a77fec5061', 'hex');
  expect(decryptMedia(sealed, KEY).toString()).toBe('hello wecom media');
});

test('every size around two blocks comes back; one byte less or one bit more does not', () => {
  for (let size = 0; size <= 70; size++) {
    const bytes = randomBytes(size);
    const sealed = Buffer.from(seal(KEY, bytes));
    expect(decryptMedia(sealed, KEY)).toEqual(bytes);
    expect(() => decryptMedia(sealed.subarray(0, -1), KEY)).toThrow(MediaError);
  }
  const sealed = Buffer.from(seal(KEY, Buffer.alloc(40, 1)));
  for (let bit = 0; bit < 128; bit++) {
    const flipped = Buffer.from(sealed);
    flipped[sealed.length - 17 - (bit >> 3)]! ^= 1 << (bit & 7);
    expect(() => decryptMedia(flipped, KEY)).toThrow('padding');
  }
  expect(() => decryptMedia(Buffer.alloc(0), KEY)).toThrow('padding');
});

describe('type by the first bytes', () => {
  test.each([
    ['image/jpeg', 'ffd8ffe000104a464946'],
    ['image/png', '89504e470d0a1a0a0000'],
    ['image/gif', '474946383961'],
    ['image/webp', '52494646aabbccdd57454250'],
  ])('%s', (type, hex) => expect(asPicture(Buffer.from(hex, 'hex'))).toMatchObject({ type }));

  test.each(['', 'ffd8', '<svg onload=alert(1)>', '%PDF-1.7', 'PK\u0003\u0004', 'MZ', 'RIFF1234WAVE'])('%s is none', (text) => {
    expect(() => asPicture(Buffer.from(text))).toThrow('type');
  });

  test('too large', () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(PHOTO_BYTES)]);
    expect(() => asPicture(png)).toThrow('size');
    expect(asPicture(png.subarray(0, PHOTO_BYTES)).bytes.length).toBe(PHOTO_BYTES);
  });
});

test.each<[string, boolean]>([
  ['https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com/a?sign=b', true],
  ['http://127.0.0.1:4000/media/x', true],
  ['http://127.0.0.1:4001/media/x', false],
  ['http://ww-aibot-img-1.myqcloud.com/a', false],
  ['https://ww-aibot-img-1.myqcloud.com:8443/a', false],
  ['https://evil-1258476243.cos.ap-guangzhou.myqcloud.com/a', false],
  ['https://ww-aibot-img.myqcloud.com.evil.example/a', false],
  ['https://ww-aibot-img.myqcloud.com@127.0.0.1/a', false],
  ['https://user@ww-aibot-img.myqcloud.com/a', false],
  ['https://evil.example/?x=ww-aibot-img.myqcloud.com', false],
  ['https://169.254.169.254/', false],
  ['file:///etc/passwd', false],
  ['data:image/png;base64,AAAA', false],
  ['//ww-aibot-img.myqcloud.com/a', false],
  ['', false],
])('%s: %s', (address, allowed) => expect(isAllowed(address, OWN, HOST)).toBe(allowed));

test('what is not simply given is not taken: elsewhere, moved, gone, endless', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/moved') return void response.writeHead(302, { location: '/given' }).end();
    if (request.url === '/gone') return void response.writeHead(403).end('<xml>expired</xml>');
    if (request.url !== '/endless') return void response.end('bytes');
    const send = (): void => void (response.destroyed || response.write(Buffer.alloc(1024 * 1024), send));
    send();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect((await fetchMedia(`${own}/given`, own)).toString()).toBe('bytes');
    await expect(fetchMedia(`${own}/moved`, own)).rejects.toMatchObject({ code: 'fetch' });
    await expect(fetchMedia(`${own}/gone`, own)).rejects.toMatchObject({ code: 'fetch' });
    await expect(fetchMedia(`${own}/endless`, own)).rejects.toMatchObject({ code: 'size' });
    await expect(fetchMedia(`${own}/given`, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'host' });
    expect(asked).toEqual(['/given', '/moved', '/gone', '/endless']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
