/**
 * Pictures and files people send: sealed for the robot, behind an address for five minutes; clear for the app. And what the
 * app uploads to send (protocol A.8, D.6).
 */
import { createCipheriv } from 'node:crypto';
import { ApiError } from './judge.ts';

const ADDRESS_MS = 5 * 60 * 1000;
const BLOCK = 32;
const UPLOAD_MS = 3 * 24 * 3600 * 1000;
/** What an upload of the type `file` may take. */
export const UPLOAD_BYTES = { least: 5, most: 20 * 1024 * 1024 } as const;

export type Upload = { readonly name: string; readonly bytes: Uint8Array; readonly until: number };

export type Media = ReturnType<typeof createMedia>;

/** `base`: where this simulation is reached; the addresses it gives out lie below. */
export function createMedia(options: { aesKey: string; base: () => string; clock: () => Date; id: () => string }) {
  const { clock, id } = options;
  const kept = new Map<string, { bytes: Uint8Array; aesKey: string; until: number }>();

  function keep(bytes: Uint8Array, aesKey = options.aesKey): string {
    const mediaId = id();
    kept.set(mediaId, { bytes, aesKey, until: clock().getTime() + ADDRESS_MS });
    return mediaId;
  }

  const uploads = new Map<string, Upload>();

  return {
    keep,
    upload(name: string, bytes: Uint8Array): string {
      const mediaId = id();
      uploads.set(mediaId, { name, bytes, until: clock().getTime() + UPLOAD_MS });
      return mediaId;
    },
    /** For as long as it can be sent. */
    uploaded(mediaId: string): Upload {
      const found = uploads.get(mediaId);
      if (!found || found.until <= clock().getTime()) throw new ApiError(40007, 'invalid media_id');
      return found;
    },
    /** `aesKey`: the one its callback is sealed with. */
    addressOf: (bytes: Uint8Array, aesKey?: string): string => `${options.base()}/media/${keep(bytes, aesKey)}`,
    kept(mediaId: string): Uint8Array {
      return kept.get(mediaId)?.bytes ?? this.uploaded(mediaId).bytes;
    },
    /** What lies behind an address; undefined when it never did or no longer does. */
    sealed(mediaId: string): Uint8Array | undefined {
      const found = kept.get(mediaId);
      return found && found.until > clock().getTime() ? seal(found.aesKey, found.bytes) : undefined;
    },
  };
}

/** No framing, only padding to 32 bytes. */
export function seal(aesKey: string, bytes: Uint8Array): Uint8Array {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const pad = BLOCK - (bytes.length % BLOCK);
  const plain = Buffer.concat([bytes, Buffer.alloc(pad, pad)]);
  return createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(plain);
}
