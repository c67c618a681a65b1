/** The browser inside everybody's WeCom, each with cookies of its own, and who it says is looking (protocol D.9). */
import { z } from 'zod';
import type { Credentials } from './callbacks.ts';
import { ApiError, type Judge } from './judge.ts';
import type { User } from './phones.ts';
import { read } from './wire.ts';

/** What stands in the window. `url`: where it was read in the end. */
export type Opened = { readonly url: string; readonly status: number; readonly headers: Headers; readonly html: string };

type Cookie = { value: string; path: string; until: number; secure: boolean };

export const AUTHORIZE = '/connect/oauth2/authorize';
const CODE_MS = 5 * 60_000;
const HOPS = 10;

const asked = z.object({
  appid: z.string(),
  redirect_uri: z.url(),
  response_type: z.literal('code'),
  scope: z.literal('snsapi_base'),
  state: z.string().regex(/^[a-zA-Z0-9]{0,128}$/),
  agentid: z.string().optional(),
});

export function createBrowser(options: {
  credentials: Credentials;
  judge: Judge;
  /** The bot's address, which is the app's trusted domain, and this simulation's. */
  bot: () => string;
  base: () => string;
  clock: () => Date;
  id: () => string;
}) {
  const { credentials, judge, bot, base, clock, id } = options;
  const codes = new Map<string, { userId: string; until: number; used: boolean }>();
  const jars = new Map<string, Map<string, Cookie>>();

  /** Back to the app with a code for this person. @throws Error where WeCom shows an error instead */
  function authorize(user: User, at: URL): URL {
    const query = read(asked, Object.fromEntries(at.searchParams));
    const back = new URL(query.redirect_uri);
    if (at.hash !== '#wechat_redirect') throw new Error('网页授权地址末尾少了 #wechat_redirect');
    if (query.appid !== credentials.corpId) throw new Error('网页授权的 appid 不是本企业的 CorpID');
    if (query.agentid !== undefined && query.agentid !== String(credentials.app.agentId))
      throw new Error('网页授权的 agentid 不对');
    if (back.host !== new URL(bot()).host) throw new Error('redirect_uri 与应用的可信域名不一致（50001）');
    const code = id();
    codes.set(code, { userId: user.id, until: clock().getTime() + CODE_MS, used: false });
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.state);
    return back;
  }

  /** `auth/getuserinfo`: each code is good once and for five minutes. */
  function visitor(code: string): { userid: string } {
    const found = codes.get(code);
    if (!found || found.used || found.until <= clock().getTime()) throw new ApiError(40029, 'invalid code');
    found.used = true;
    return { userid: found.userId };
  }

  const keep = (jar: Map<string, Cookie>, from: URL, line: string): void => {
    const [pair = '', ...attributes] = line.split(/;\s*/u);
    const [name = '', ...value] = pair.split('=');
    const attribute = (wanted: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().split('=')[0] === wanted)?.split('=')[1];
    const has = (wanted: string): boolean => attributes.some((each) => each.toLowerCase() === wanted);
    if (!has('httponly')) judge.violate('api', `Cookie ${name} 没有 HttpOnly`);
    if (from.protocol === 'https:' && !has('secure')) judge.violate('api', `Cookie ${name} 没有 Secure`);
    const until = clock().getTime() + Number(attribute('max-age') ?? '0') * 1000;
    jar.set(name, { value: value.join('='), path: attribute('path') ?? from.pathname, until, secure: has('secure') });
  };

  const sent = (jar: Map<string, Cookie>, to: URL): string =>
    [...jar]
      .filter(([, { path, until, secure }]) => {
        const isBelow = to.pathname === path || to.pathname.startsWith(`${path}/`);
        return isBelow && until > clock().getTime() && (!secure || to.protocol === 'https:');
      })
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');

  /** Follows it as the window does: to WeCom to be recognised, and back to the app. @throws Error in words of what is wrong */
  async function open(user: User, address: string): Promise<Opened> {
    const jar = jars.get(user.id) ?? new Map<string, Cookie>();
    jars.set(user.id, jar);
    let url = new URL(address);
    for (let hop = 0; hop < HOPS; hop++) {
      if (url.origin === new URL(base()).origin && url.pathname === AUTHORIZE) {
        url = authorize(user, url);
        continue;
      }
      if (url.origin !== new URL(bot()).origin) throw new Error(`这里只能打开 ${bot()} 的网页`);
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: sent(jar, url) } });
      for (const line of response.headers.getSetCookie()) keep(jar, url, line);
      const next = response.headers.get('location');
      if (next === null)
        return { url: url.href, status: response.status, headers: response.headers, html: await response.text() };
      url = new URL(next, url);
    }
    throw new Error('网页来回跳转，没有打开');
  }

  return { open, visitor };
}
export type Browser = ReturnType<typeof createBrowser>;
