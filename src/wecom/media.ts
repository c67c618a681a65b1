/** Pictures people send: fetched at once, decrypted, and kept only when they are what they say (protocol A.8, D.6). */
import { createDecipheriv, hash } from 'node:crypto';

export type Picture = { readonly bytes: Buffer; readonly type: string; readonly sha256: string };

/** Why a picture was not taken; `code` is for logs. */
export class MediaError extends Error {
  readonly code: 'host' | 'fetch' | 'size' | 'padding' | 'type';

  constructor(code: MediaError['code'], options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'MediaError';
    this.code = code;
  }
}

/** What WeCom itself allows a picture (protocol D.6). */
export const PHOTO_BYTES = 10 * 1024 * 1024;
const BLOCK = 32;
const TIMEOUT_MS = 15_000;
/** Where WeCom keeps what people send to a robot (protocol A.5). */
const MEDIA_HOST = /^ww-aibot-[\w.-]+\.myqcloud\.com$/;

const MAGIC: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '47494638'],
  ['image/webp', 8, '57454250'],
];

/** Whether an address in a callback may be called. `own`: the origin of the server API, WeCom's or a private deployment's. */
export function isAllowed(address: string, own: string, host: RegExp): boolean {
  const url = URL.parse(address);
  if (!url || url.username !== '' || url.password !== '') return false;
  return url.origin === own || (url.protocol === 'https:' && url.port === '' && host.test(url.hostname));
}

/** Still sealed. @throws MediaError */
export async function fetchMedia(address: string, own: string): Promise<Buffer> {
  if (!isAllowed(address, own, MEDIA_HOST)) throw new MediaError('host');
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await readLimited(response, PHOTO_BYTES + BLOCK);
  } catch (cause) {
    throw cause instanceof MediaError ? cause : new MediaError('fetch', { cause });
  }
}

/** @throws MediaError `size` */
export async function readLimited(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw new MediaError('size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** No framing, PKCS#7 to 32 bytes, every padding byte checked. @throws MediaError `padding` */
export function decryptMedia(sealed: Buffer, aesKey: string): Buffer {
  if (sealed.length === 0 || sealed.length % BLOCK !== 0) throw new MediaError('padding');
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const plain = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(sealed);
  const pad = plain[plain.length - 1]!;
  const end = plain.length - pad;
  if (pad < 1 || pad > BLOCK || !plain.subarray(end).every((byte) => byte === pad)) throw new MediaError('padding');
  return plain.subarray(0, end);
}

/** @throws MediaError `size` or `type` */
export function asPicture(bytes: Buffer): Picture {
  if (bytes.length > PHOTO_BYTES) throw new MediaError('size');
  const found = MAGIC.find(([, at, magic]) => bytes.subarray(at, at + magic.length / 2).toString('hex') === magic);
  if (!found) throw new MediaError('type');
  return { bytes, type: found[0], sha256: hash('sha256', bytes) };
}
