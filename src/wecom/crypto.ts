/** WeCom's signature and encryption (protocol A.4), stricter than WeCom asks for: what is not exactly right is refused. */
import { isUtf8 } from 'node:buffer';
import { createCipheriv, createDecipheriv, hash, randomFillSync, timingSafeEqual } from 'node:crypto';

export type Keys = {
  token: string;
  /** EncodingAESKey, 43 characters. */
  aesKey: string;
  /** "" for a company's own bot, the CorpID for a self-built app. */
  receiveId: string;
};

/** What the sender of a callback did wrong. `code` is for logs, `status` for the HTTP answer. */
export class WireError extends Error {
  readonly status: 400 | 401 | 413;
  readonly code: string;

  constructor(status: WireError['status'], code: string, message = code) {
    super(message);
    this.name = 'WireError';
    this.status = status;
    this.code = code;
  }
}

export type Signed = { msgSignature: string; timestamp: string; nonce: string };
export type Sealed = { encrypt: string; msgsignature: string; timestamp: number; nonce: string };
export type Cipher = {
  /** The plaintext of a callback, or a WireError. */
  open(signed: Signed, ciphertext: string, now: Date): string;
  /** `timestamp` in seconds. */
  seal(plain: string, timestamp: number, nonce: string): Sealed;
};

const WINDOW_MS = 300_000;
const BLOCK = 32;
const HEADER = 20; // 16 random bytes and the length of the message

export function signature(token: string, timestamp: string, nonce: string, ciphertext: string): string {
  return hash('sha1', [token, timestamp, nonce, ciphertext].sort().join(''));
}

/** Drawn 4 KB at a time: 16 bytes a call would cost twice what the signature does. */
const pool = Buffer.alloc(4096);
let drawn = pool.length;

function pooledRandom(): Uint8Array {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return pool.subarray(drawn, (drawn += 16));
}

/** `random` gives the 16 bytes that start every plaintext. Throws when the aesKey is no EncodingAESKey. */
export function createCipher(keys: Keys, random: () => Uint8Array = pooledRandom): Cipher {
  if (!/^[A-Za-z0-9]{43}$/.test(keys.aesKey)) throw new Error('EncodingAESKey must be 43 letters or digits');
  const key = Buffer.from(`${keys.aesKey}=`, 'base64');
  const iv = key.subarray(0, 16);
  const receiveId = Buffer.from(keys.receiveId);

  return {
    open(signed, ciphertext, now) {
      const expected = Buffer.from(signature(keys.token, signed.timestamp, signed.nonce, ciphertext));
      const given = Buffer.from(signed.msgSignature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new WireError(401, 'signature');
      const sentAt = /^\d{1,12}$/.test(signed.timestamp) ? Number(signed.timestamp) * 1000 : NaN;
      if (!(Math.abs(now.getTime() - sentAt) <= WINDOW_MS)) throw new WireError(401, 'window');

      const bytes = Buffer.from(ciphertext, 'base64');
      if (bytes.toString('base64') !== ciphertext) throw new WireError(400, 'base64');
      if (bytes.length === 0 || bytes.length % BLOCK !== 0) throw new WireError(400, 'block');
      const plain = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(bytes);

      const pad = plain[plain.length - 1]!;
      const end = plain.length - pad;
      if (pad < 1 || pad > BLOCK || !plain.subarray(end).every((byte) => byte === pad)) throw new WireError(400, 'padding');
      const idAt = HEADER + plain.readUInt32BE(16);
      if (idAt > end) throw new WireError(400, 'length');
      if (!plain.subarray(idAt, end).equals(receiveId)) throw new WireError(401, 'receiveid');
      const message = plain.subarray(HEADER, idAt);
      if (!isUtf8(message)) throw new WireError(400, 'utf8');
      return message.toString();
    },

    seal(plain, timestamp, nonce) {
      const length = Buffer.byteLength(plain);
      const end = HEADER + length + receiveId.length;
      const pad = BLOCK - (end % BLOCK);
      const bytes = Buffer.allocUnsafe(end + pad).fill(pad, end);
      bytes.set(random());
      bytes.writeUInt32BE(length, 16);
      bytes.write(plain, HEADER);
      bytes.set(receiveId, HEADER + length);
      const encrypt = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(bytes).toString('base64');
      return { encrypt, msgsignature: signature(keys.token, String(timestamp), nonce, encrypt), timestamp, nonce };
    },
  };
}
