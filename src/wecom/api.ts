/** The self-built app's side of WeCom's server API: messages to people, and cards changed later (protocol D.1-D.3). */
import { z } from 'zod';
import type { Log } from '../kernel/log.ts';
import { Unavailable } from '../kernel/refusal.ts';
import type { State } from '../state/state.ts';

/** WeCom refused a call, or did not answer it: then there is no errcode. */
export class WecomError extends Unavailable {
  readonly errcode: number | undefined;
  /** Whether the same call may succeed later. */
  readonly retry: boolean;

  constructor(what: string, errcode: number | undefined, retry: boolean, options?: { cause?: unknown }) {
    super(what, options);
    this.name = 'WecomError';
    this.errcode = errcode;
    this.retry = retry;
  }
}

export type AppMessage = { toUser: string } & ({ text: string } | { card: object });
/** Who holds the card, the code it was sent with, and the card or the grey button that takes its place. */
export type CardUpdate = { toUsers: readonly string[]; responseCode: string } & ({ card: object } | { button: string });
/** `unreachable` as WeCom spells them, in lower case: not in the app's scope, unknown or without a licence. */
export type Sent = { msgid: string; responseCode?: string; unreachable: string[] };

export type Api = {
  /** Throws a WecomError, or RangeError for a text longer than TEXT_BYTES. */
  send(message: AppMessage): Promise<Sent>;
  /** Each response code works once and for 72 hours. Throws a WecomError. */
  updateCard(update: CardUpdate): Promise<{ unreachable: string[] }>;
};

export type ApiOptions = {
  /** Ends in `/cgi-bin`. */
  base: string;
  corpId: string;
  secret: string;
  agentId: number;
  state: State;
  log: Log;
  fetch?: typeof fetch;
};

/** What an app's text message can hold (protocol D.2). */
export const TEXT_BYTES = 2_048;

const TIMEOUT_MS = 5_000;
/** A token is renewed this long before it ends. */
const MARGIN_S = 300;
/** No other token is asked for this long after a refusal: a wrong secret repeated gets the address banned (protocol D.12). */
const REFUSED_MS = 60_000;

/** Protocol D.12. What is not listed is a mistake of ours or of the set-up: repeating it is no use. */
const TOKEN_ENDED = new Set([40014, 42001]);
const RETRY = new Set([...TOKEN_ENDED, -1, 6000, 45009, 45033]);
const UNREACHABLE = new Set([40003, 40031, 46004, 60111, 81013]);

const Answer = z.object({
  errcode: z.number(),
  errmsg: z.string().default(''),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().optional(),
  msgid: z.string().default(''),
  response_code: z.string().min(1).optional(),
  invaliduser: names(),
  unlicenseduser: names(),
});
type Answer = z.infer<typeof Answer>;

export function createApi({ base, corpId, secret, agentId, state, log, fetch = globalThis.fetch }: ApiOptions): Api {
  const tokenKey = `wecom:token:${corpId}:${agentId}`;
  const refusedKey = `wecom:token-refused:${corpId}:${agentId}`;

  async function token(): Promise<string> {
    const known = await state.get(tokenKey);
    if (known) return known;
    return state.lock(tokenKey, { ttlMs: 2 * TIMEOUT_MS, waitMs: 2 * TIMEOUT_MS }, async () => {
      const renewed = await state.get(tokenKey);
      if (renewed) return renewed;
      const refused = await state.get(refusedKey);
      if (refused) throw failure('gettoken', Number(refused));
      const answer = await request('gettoken', { corpid: corpId, corpsecret: secret });
      if (answer.errcode !== 0) {
        if (!RETRY.has(answer.errcode)) await state.set(refusedKey, String(answer.errcode), REFUSED_MS);
        throw refusal('gettoken', answer);
      }
      const { access_token, expires_in = 0 } = answer;
      if (!access_token) throw failure('gettoken', undefined);
      await state.set(tokenKey, access_token, Math.max(expires_in - MARGIN_S, 60) * 1_000);
      return access_token;
    });
  }

  /** The answer of errcode 0, or one that says that nobody can be reached. */
  async function call(path: string, body: object, again = true): Promise<Answer> {
    const access_token = await token();
    const answer = await request(path, { access_token }, body);
    if (TOKEN_ENDED.has(answer.errcode)) {
      await state.deleteIf(tokenKey, access_token);
      if (again) return call(path, body, false);
    }
    if (answer.errcode !== 0 && !UNREACHABLE.has(answer.errcode)) throw refusal(path, answer);
    return answer;
  }

  async function request(path: string, query: Record<string, string>, body?: object): Promise<Answer> {
    let text: string;
    try {
      const response = await fetch(`${base}/${path}?${new URLSearchParams(query).toString()}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (cause) {
      log.warn({ path }, 'wecom did not answer');
      throw failure(path, undefined, cause);
    }
    const answer = Answer.safeParse(parseJson(text));
    if (answer.success) return answer.data;
    log.warn({ path }, 'wecom answered something else');
    throw failure(path, undefined);
  }

  function refusal(path: string, { errcode, errmsg }: Answer): WecomError {
    // 60020 names the address that has to be entered in 企业可信IP (protocol G.5 #34).
    const ip = errcode === 60020 ? /from ip: ([\d.a-f:]+)/i.exec(errmsg)?.[1] : undefined;
    log.warn({ path, errcode, ip }, 'wecom refused');
    return failure(path, errcode);
  }

  return {
    async send({ toUser, ...content }) {
      if ('text' in content && Buffer.byteLength(content.text) > TEXT_BYTES)
        throw new RangeError('text too long for an app message');
      const body =
        'text' in content
          ? { msgtype: 'text', text: { content: content.text } }
          : { msgtype: 'template_card', template_card: content.card };
      const answer = await call('message/send', { touser: toUser, agentid: agentId, ...body, enable_duplicate_check: 1 });
      const { msgid, response_code } = answer;
      return { msgid, ...(response_code && { responseCode: response_code }), unreachable: unreachable(answer, [toUser]) };
    },

    async updateCard({ toUsers, responseCode, ...content }) {
      const body = 'card' in content ? { template_card: content.card } : { button: { replace_name: content.button } };
      const answer = await call('message/update_template_card', {
        userids: toUsers,
        agentid: agentId,
        response_code: responseCode,
        ...body,
      });
      return { unreachable: unreachable(answer, toUsers) };
    },
  };
}

function failure(path: string, errcode: number | undefined, cause?: unknown): WecomError {
  const retry = errcode === undefined || RETRY.has(errcode);
  return new WecomError(`wecom ${path}: ${errcode ?? 'no answer'}`, errcode, retry, { cause });
}

function unreachable({ errcode, invaliduser, unlicenseduser }: Answer, all: readonly string[]): string[] {
  return errcode === 0 ? [...invaliduser, ...unlicenseduser] : [...all];
}

/** `a|b` in a send's answer, a list in an update's. */
function names() {
  return z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((given) => (typeof given === 'string' ? given.split('|').filter(Boolean) : given));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The longest beginning that has at most `limit` bytes in UTF-8 and breaks no character. */
export function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
