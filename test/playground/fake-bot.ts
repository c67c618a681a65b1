/** A bot of a few lines on the other side of the simulated WeCom: it opens, hands to the test, and seals. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { onTestFinished } from 'vitest';
import { createWecom } from '../../src/playground/wecom.ts';
import type { TemplateCard, Wecom } from '../../src/playground/wecom.ts';

const AES_KEY = 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg';
const CORP = 'wwDEMOCORP';
export const AGENT = 1000002;
const TOKEN = { bot: 'BotToken', app: 'AppToken' };

export type BotMessage = {
  msgid: string;
  chatid?: string;
  chattype?: string;
  from: { userid: string };
  msgtype: string;
  text?: { content: string };
  stream?: { id: string };
  event?: {
    eventtype: string;
    template_card_event?: { event_key: string; task_id: string; selected_items?: { selected_item: unknown[] } };
  };
};
/** What to answer: clear text to seal, or raw bytes as they are, or nothing at all. */
export type Answer = { seal: string } | { raw: string; status?: number } | 'hang' | 'cut';
export type Handlers = {
  bot?: (message: BotMessage) => unknown;
  app?: (xml: string) => Answer;
};

export const nothing: Answer = { raw: '' };
export const field = (xml: string, name: string): string =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? '';

export const card = (task: string, more: Partial<TemplateCard> = {}): TemplateCard => ({
  card_type: 'button_interaction',
  main_title: { title: '请核对' },
  button_list: [
    { text: '同意', style: 1, key: 'yes' },
    { text: '驳回', style: 3, key: 'no' },
  ],
  task_id: task,
  ...more,
});

/** `bot` may return the object to seal as JSON, or an `Answer` that is not sealed. */
export async function aWecom(handlers: Handlers): Promise<{
  wecom: Wecom;
  clock: { now: Date };
  call: (path: string, body: object, token?: string) => Promise<Record<string, unknown>>;
  token: () => Promise<string>;
}> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://bot');
    const query = (name: string): string => url.searchParams.get(name) ?? '';
    const body = await text(request);
    const door = url.pathname === '/wecom/bot' ? 'bot' : 'app';
    const id = door === 'bot' ? '' : CORP;
    if (request.method === 'GET') return response.end(decrypt(AES_KEY, query('echostr')).message);
    const cipher = door === 'bot' ? (JSON.parse(body) as { encrypt: string }).encrypt : field(body, 'Encrypt');
    if (getSignature(TOKEN[door], query('timestamp'), query('nonce'), cipher) !== query('msg_signature')) {
      return response.writeHead(403).end();
    }
    const { message } = decrypt(AES_KEY, cipher);
    const said = await (door === 'bot' ? handlers.bot?.(JSON.parse(message) as BotMessage) : handlers.app?.(message));
    const answer = (door === 'bot' ? asAnswer(said) : (said ?? { raw: 'success' })) as Answer;
    if (answer === 'hang') return undefined;
    if (answer === 'cut') return request.destroy();
    if ('raw' in answer) return response.writeHead(answer.status ?? 200).end(answer.raw);
    const sealed = encrypt(AES_KEY, answer.seal, id);
    const signature = getSignature(TOKEN[door], query('timestamp'), query('nonce'), sealed);
    return response.end(
      door === 'bot'
        ? JSON.stringify({
            encrypt: sealed,
            msgsignature: signature,
            timestamp: Number(query('timestamp')),
            nonce: query('nonce'),
          })
        : `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>${query('timestamp')}</TimeStamp><Nonce>${query('nonce')}</Nonce></xml>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });

  const clock = { now: new Date('2026-06-01T02:00:00Z') };
  let ids = 0;
  const wecom = createWecom({
    directory: {
      users: ['li', 'wang', 'zhao'].map((id) => ({ id, name: id, title: '' })),
      groups: [{ id: 'wrGroup', name: '群', members: ['li', 'wang'] }],
    },
    credentials: {
      corpId: CORP,
      bot: { id: 'aibDEMO', name: '党建助手', token: TOKEN.bot, aesKey: AES_KEY },
      app: { agentId: AGENT, name: '应用消息', secret: 'secret', token: TOKEN.app, aesKey: AES_KEY },
    },
    bot: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: () => clock.now,
    id: () => `id-${++ids}`,
    timing: { answer: 800, refresh: 5, stream: 300, retry: 5 },
  });
  const token = async (): Promise<string> => {
    const { body } = await wecom.api('GET', '/cgi-bin/gettoken', { corpid: CORP, corpsecret: 'secret' }, '');
    return String(body['access_token']);
  };
  return {
    wecom,
    clock,
    token,
    async call(path, body, given) {
      const query = { access_token: given ?? (await token()) };
      return (await wecom.api('POST', `/cgi-bin/message/${path}`, query, JSON.stringify(body))).body;
    },
  };
}

function asAnswer(said: unknown): Answer {
  if (said === 'hang' || said === 'cut') return said;
  if (said === undefined) return nothing;
  if (typeof said === 'object' && said !== null && 'raw' in said) return said as Answer;
  return { seal: JSON.stringify(said) };
}
