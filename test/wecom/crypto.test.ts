import { createCipheriv } from 'node:crypto';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCipher, signature, WireError, type Keys } from '../../src/wecom/crypto.ts';

const TOKEN = 'DemoToken2026';
const AES_KEY = 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg';
const TIMESTAMP = 1_760_000_000;
const NONCE = '7788990011';
const NOW = new Date(TIMESTAMP * 1_000);
const RANDOM = Buffer.from('0123456789abcdef');

const keys = (receiveId: string): Keys => ({ token: TOKEN, aesKey: AES_KEY, receiveId });
const bot = createCipher(keys(''));
const app = createCipher(keys('wwDEMOCORP'));

/** As WeCom would sign it. */
const signed = (ciphertext: string, timestamp = String(TIMESTAMP), nonce = NONCE) => ({
  msgSignature: getSignature(TOKEN, timestamp, nonce, ciphertext),
  timestamp,
  nonce,
});

/** Encrypts these bytes as they are: neither framed nor padded. */
function encryptRaw(bytes: Uint8Array): string {
  const key = Buffer.from(`${AES_KEY}=`, 'base64');
  return createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(bytes).toString('base64');
}

type Frame = { message?: Uint8Array | string; length?: number; receiveId?: string; padding?: (pad: number) => Uint8Array };

/** A plaintext whose every part can be spoiled. */
function frame({ message = '你好', length, receiveId = '', padding = (pad) => Buffer.alloc(pad, pad) }: Frame): Buffer {
  const text = Buffer.from(message);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length ?? text.length);
  const body = Buffer.concat([RANDOM, size, text, Buffer.from(receiveId)]);
  return Buffer.concat([body, padding(32 - (body.length % 32))]);
}

/** The WireError's code; fails on every other outcome. */
function refused(cipher: typeof bot, ciphertext: string, envelope = signed(ciphertext), now = NOW): string {
  try {
    cipher.open(envelope, ciphertext, now);
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).code;
  }
  throw new Error('was accepted');
}

// Protocol A.4.1.
const GOLDEN = [
  {
    name: 'echostr',
    receiveId: '',
    plain: '3141592653589793',
    ciphertext: 'afgXbxQCqweSfDphjOAh0nuBjAd227At8bSLgjGYtlkC2ndgt7wEi6t9IqfM4BDsL9BOjze6QLqz4RmH3OcelA==',
    signature: 'ca0122f4b1dddb2212565503ee341e98835c993a',
  },
  {
    name: 'stream reply',
    receiveId: '',
    plain: '{"msgtype":"stream","stream":{"id":"st-0001","finish":false,"content":"处理中"}}',
    ciphertext:
      'afgXbxQCqweSfDphjOAh0tuY+Cz9qBnfuEq4CTULVTD9N8rTZlZSghkO6AH6qQKB2bmqQIUzWtBjKP6aGYhY/r8/T7iFlNZBAUatvPRwrWLNkfCJfbA9leV9Wh/GtXRhMPZ6qi70NdpWH6nyJy8XF3YJUW4IbdmDq/OJ09O1fuY=',
    signature: 'e5bdf78b865a6a7cdecb04b9adba0abb5ed4167a',
  },
  {
    name: 'group text',
    receiveId: '',
    plain:
      '{"msgid":"MSG-0001","aibotid":"aibDEMO0001","chatid":"wrDEMOCHAT01","chattype":"group","from":{"userid":"li.si"},"response_url":"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=DEMO","msgtype":"text","text":{"content":"@小秘 你好"}}',
    ciphertext:
      'afgXbxQCqweSfDphjOAh0lMWP14JfVR31zmAw0EAdtjjVKX1O1aqShRI3Ni4WaBLCplZw8sRnF6RlygEIuDdrhVO0G1T03pQtB3YiQ+ONiS8arrgclV281AUG6d7rInSjTZ+w/BFmqVvteBz7nnHZqlRhA+JuN0qfwacb2d1IhlpNI6ID8kOeOtcz97lLCDeVbwlq8Sj2qWTVtaf6l4p0bIFDXq8bknr8D2CYMmEagYLHVspUFp+TZXQmugx6tA9Mw2KIz2tsLMaTeuTVM1senekQPCFZ2zbMTeXeeC+9K6Bz3CicDQH03rJP5ths4pay7ww2B/AjLG2iFF+tFyz+GO7YNOPeWu0aLXAnUOjLaVBlwaDQuUciSf2+vE+bLjk',
    signature: 'ade782e1ab6b890a8748cc6348534dbec57bc810',
  },
  {
    name: 'app text',
    receiveId: 'wwDEMOCORP',
    plain:
      '<xml><ToUserName><![CDATA[wwDEMOCORP]]></ToUserName><FromUserName><![CDATA[li.si]]></FromUserName><CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content><MsgId>1001</MsgId><AgentID>1000002</AgentID></xml>',
    ciphertext:
      'afgXbxQCqweSfDphjOAh0rzRUNDb5X35/fXsWbStfrYIBEerkZ5bchDCGRRluObuHhhk8EbxlHQGGWj1tohWw/hOAgq4h/r+kRfBhvj/XQVG5FlNsTeyZ2jbyMhnfs/XCbjYhLQP81Vh/wy1y4s5HdiodPwwCQBDA4rb4z6CH6p+FcaGVW9ojiwUbhtuthiYDKtkF1V9t/wdiCVEFNWwwvu7E6r/x8ynev3QhjHEzXu5aELd5RFs44RFm43Vj9c0q4j3tmpS1Qxq5Bnm9U7nvMlDC1dmJS5BX1hLrxX0ESeq6eoiyDPbmixmlEx3fuatc2UFTo7pm90aAw1IqhTLPQ4N0+2gtQzcWYzLC0mVcPib3ee15EnMUN4Ib7TwZNZf',
    signature: 'baac786bc5e7bf14bf7377b9863292b365dced07',
  },
];

describe.each(GOLDEN)('golden vector: $name', (golden) => {
  const cipher = createCipher(keys(golden.receiveId), () => RANDOM);

  test('seals to these very bytes', () => {
    expect(cipher.seal(golden.plain, TIMESTAMP, NONCE)).toEqual({
      encrypt: golden.ciphertext,
      msgsignature: golden.signature,
      timestamp: TIMESTAMP,
      nonce: NONCE,
    });
  });

  test('opens', () => {
    const envelope = { msgSignature: golden.signature, timestamp: String(TIMESTAMP), nonce: NONCE };
    expect(cipher.open(envelope, golden.ciphertext, NOW)).toBe(golden.plain);
  });
});

describe('against @wecom/crypto', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('党', '建', '助手', '😀', '👨‍👩‍👧', 'a', '"', '\n', '\0'), maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.integer({ min: 0, max: 140 }).map((size) => 'x'.repeat(size)), // every padding, on both sides of several borders
  );
  const receiveIds = fc.constantFrom('', 'wwDEMOCORP', 'w'.repeat(40));

  test('it opens what we seal, under the same signature', () => {
    fc.assert(
      fc.property(texts, receiveIds, (text, receiveId) => {
        const sealed = createCipher(keys(receiveId)).seal(text, TIMESTAMP, NONCE);
        expect(decrypt(AES_KEY, sealed.encrypt)).toMatchObject({ message: text, id: receiveId });
        expect(sealed.msgsignature).toBe(getSignature(TOKEN, TIMESTAMP, NONCE, sealed.encrypt));
      }),
    );
  });

  test('we open what it seals', () => {
    fc.assert(
      fc.property(texts, receiveIds, (text, receiveId) => {
        const ciphertext = encrypt(AES_KEY, text, receiveId);
        expect(createCipher(keys(receiveId)).open(signed(ciphertext), ciphertext, NOW)).toBe(text);
      }),
    );
  });

  test('every padding from 1 to 32 is met', () => {
    for (let size = 0; size < 64; size++) {
      const sealed = bot.seal('x'.repeat(size), TIMESTAMP, NONCE);
      expect(bot.open(signed(sealed.encrypt), sealed.encrypt, NOW)).toHaveLength(size);
    }
  });

  test('signatures sort by bytes', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.string(), fc.base64String(), (token, timestamp, nonce, ciphertext) => {
        expect(signature(token, String(timestamp), nonce, ciphertext)).toBe(getSignature(token, timestamp, nonce, ciphertext));
      }),
    );
  });
});

test('no two sealings of one text are alike', () => {
  const sealed = Array.from({ length: 1_000 }, () => bot.seal('你好', TIMESTAMP, NONCE).encrypt);
  expect(new Set(sealed).size).toBe(1_000);
});

describe('signature', () => {
  const ciphertext = GOLDEN[0]!.ciphertext;
  const right = signed(ciphertext);
  test.each([
    ['another one', { ...right, msgSignature: '0'.repeat(40) }],
    [
      'the last digit changed',
      { ...right, msgSignature: right.msgSignature.slice(0, -1) + (right.msgSignature.endsWith('0') ? '1' : '0') },
    ],
    ['empty', { ...right, msgSignature: '' }],
    ['cut short', { ...right, msgSignature: right.msgSignature.slice(0, 39) }],
    ['one digit more', { ...right, msgSignature: `${right.msgSignature}0` }],
    ['upper case', { ...right, msgSignature: right.msgSignature.toUpperCase() }],
    ['of another nonce', { ...right, nonce: '1' }],
    ['of another timestamp', { ...right, timestamp: String(TIMESTAMP + 1) }],
    [
      'characters whose low byte is right',
      { ...right, msgSignature: right.msgSignature.replace(/[a-f]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x100)) },
    ],
  ])('%s: refused before anything is decrypted', (_, envelope) => {
    expect(refused(bot, ciphertext, envelope)).toBe('signature');
    expect(refused(bot, 'not even base64', envelope)).toBe('signature');
  });
});

describe('window of five minutes', () => {
  const ciphertext = GOLDEN[0]!.ciphertext;
  const at = (seconds: number) => new Date((TIMESTAMP + seconds) * 1_000);

  test.each([-300, -299, 0, 299, 300])('%i s: accepted', (seconds) => {
    expect(bot.open(signed(ciphertext), ciphertext, at(seconds))).toBe('3141592653589793');
  });
  test.each([-301, 301, 3_600, -86_400 * 4_000])('%i s: refused', (seconds) => {
    expect(refused(bot, ciphertext, signed(ciphertext), at(seconds))).toBe('window');
  });
  test.each([
    '',
    'abc',
    '1e9',
    '0x68e6a180',
    ' 1760000000',
    '1760000000.0',
    '-1760000000',
    '1760000000000',
    'Infinity',
    '9'.repeat(400),
  ])('timestamp %j: refused', (timestamp) => {
    expect(refused(bot, ciphertext, signed(ciphertext, timestamp))).toBe('window');
  });
});

describe('signed, but spoiled (protocol H)', () => {
  const ciphertext = encryptRaw(frame({}));

  test('the frame itself is right', () => expect(bot.open(signed(ciphertext), ciphertext, NOW)).toBe('你好'));

  const bytes = Buffer.from(GOLDEN[3]!.ciphertext, 'base64');
  test.each<[string, string, string]>([
    // base64
    ['empty', '', 'block'],
    ['text', '你好', 'base64'],
    ['+ as a blank', GOLDEN[1]!.ciphertext.replaceAll('+', ' '), 'base64'],
    ['a newline at the end', `${ciphertext}\n`, 'base64'],
    ['URL-safe base64', GOLDEN[1]!.ciphertext.replaceAll('+', '-').replaceAll('/', '_'), 'base64'],
    ['no = at the end', GOLDEN[1]!.ciphertext.replace(/=+$/, ''), 'base64'],
    ['bits left over at the end', GOLDEN[0]!.ciphertext.replace('A==', 'B=='), 'base64'],
    ['NUL', `\0${ciphertext}`, 'base64'],
    ['a lone surrogate', `\ud800${ciphertext}`, 'base64'],
    // blocks
    ['cut by one byte', bytes.subarray(0, -1).toString('base64'), 'block'],
    ['cut by half a block', bytes.subarray(0, -16).toString('base64'), 'block'],
    ['half a block alone', bytes.subarray(0, 16).toString('base64'), 'block'],
    [
      'PKCS#7 to 16',
      encryptRaw(Buffer.concat([frame({ message: 'x'.repeat(20) }).subarray(0, 40), Buffer.alloc(8, 8)])),
      'block',
    ],
    // padding
    ['pad 0', encryptRaw(frame({ message: 'x'.repeat(12), padding: () => Buffer.alloc(32) })), 'padding'],
    ['pad 33', encryptRaw(frame({ padding: (pad) => Buffer.alloc(pad + 32, 33) })), 'padding'],
    ['pad 255', encryptRaw(frame({ padding: (pad) => Buffer.alloc(pad, 255) })), 'padding'],
    ['first padding byte wrong', encryptRaw(frame({ padding: (pad) => Buffer.alloc(pad, pad).fill(pad + 1, 0, 1) })), 'padding'],
    [
      'last but one padding byte wrong',
      encryptRaw(frame({ padding: (pad) => Buffer.alloc(pad, pad).fill(0, pad - 2, pad - 1) })),
      'padding',
    ],
    // length
    ['padding only', encryptRaw(Buffer.alloc(32, 32)), 'length'],
    ['no room for a length', encryptRaw(Buffer.concat([RANDOM, Buffer.alloc(16, 16)])), 'length'],
    ['length beyond the end', encryptRaw(frame({ length: 7 })), 'length'],
    ['length 2³²−1', encryptRaw(frame({ length: 0xffff_ffff })), 'length'],
    ['length too small', encryptRaw(frame({ message: 'hello', length: 4 })), 'receiveid'],
    ['length 0', encryptRaw(frame({ length: 0 })), 'receiveid'],
    // receiveid
    ['some receiveid', encryptRaw(frame({ receiveId: 'wwDEMOCORP' })), 'receiveid'],
    // UTF-8
    ['not UTF-8', encryptRaw(frame({ message: Buffer.from([0xff, 0xfe]) })), 'utf8'],
    ['half a character', encryptRaw(frame({ message: Buffer.from('你').subarray(0, 2) })), 'utf8'],
    ['an encoded surrogate', encryptRaw(frame({ message: Buffer.from([0xed, 0xa0, 0x80]) })), 'utf8'],
    ['an overlong NUL', encryptRaw(frame({ message: Buffer.from([0xc0, 0x80]) })), 'utf8'],
  ])('%s', (_, spoiled, code) => expect(refused(bot, spoiled)).toBe(code));

  test.each(['', 'wwOTHERCORP', 'wwDEMOCOR', 'wwDEMOCORPx', 'wwdemocorp'])('receiveid %j at the app', (receiveId) => {
    expect(refused(app, encryptRaw(frame({ receiveId })))).toBe('receiveid');
  });

  test('cut by whole blocks of 32', () => {
    for (let end = bytes.length - 32; end > 0; end -= 32) refused(app, bytes.subarray(0, end).toString('base64'));
  });

  test('encrypted with another key', () => {
    for (let i = 0; i < 200; i++) {
      const other = String(i).padStart(43, 'K');
      refused(bot, encrypt(other, '{"msgid":"1"}', ''));
    }
  });

  test('one bit flipped in any block but the first', () => {
    for (let bit = 16 * 8; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      refused(app, flipped.toString('base64'));
    }
  });

  test('one bit flipped without the token: the signature', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(refused(app, flipped.toString('base64'), signed(bytes.toString('base64')))).toBe('signature');
    }
  });

  test('anything at all ends in text or a WireError', () => {
    const ciphertexts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String({ maxLength: 400 }),
      fc
        .uint8Array({ minLength: 32, maxLength: 32 * 8 })
        .map((noise) => Buffer.from(noise.subarray(0, noise.length & ~31)).toString('base64')),
      fc.uint8Array({ minLength: 32, maxLength: 32 * 8 }).map((noise) => encryptRaw(noise.subarray(0, noise.length & ~31))),
    );
    fc.assert(
      fc.property(ciphertexts, fc.constantFrom(bot, app), (noise, cipher) => {
        try {
          cipher.open(signed(noise), noise, NOW);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each(['', 'a'.repeat(42), `${AES_KEY}=`, ` ${AES_KEY}`, `${AES_KEY}\n`, `_${AES_KEY.slice(1)}`])(
  '%j is no EncodingAESKey',
  (aesKey) => {
    expect(() => createCipher({ token: TOKEN, aesKey, receiveId: '' })).toThrow('EncodingAESKey');
  },
);
