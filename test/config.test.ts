import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { envExample } from '../tools/env-example.ts';

const HEX = 'ab'.repeat(32);
const AES_KEY = 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg';
const COMMON = {
  DATABASE_URL: 'postgresql://bot:pass-word@db/bot',
  DATA_KEY: HEX,
  WECOM_CORP_ID: 'wwDEMOCORP',
  REDIS_URL: 'redis://cache',
};
const BOT = { WECOM_BOT_TOKEN: 'bot-token', WECOM_BOT_AES_KEY: AES_KEY };
const APP = { WECOM_APP_TOKEN: 'app-token', WECOM_APP_AES_KEY: AES_KEY };
const SENDER = { WECOM_APP_AGENT_ID: '1000002', WECOM_APP_SECRET: 'app-secret' };

/** The names that the one error lists as missing, and those it lists as wrong. */
function complaints(env: Record<string, string | undefined>): { missing: string[]; wrong: string[] } {
  let text = '';
  try {
    loadConfig(env);
  } catch (error) {
    text = (error as Error).message;
  }
  const named = (what: string) =>
    [...text.matchAll(new RegExp(`^- (\\w+) ${what}。用途：.+。填法：.+。位置：.+。$`, 'gm'))].map(([, name]) => name!);
  const all = { missing: named('未填'), wrong: named('填写不对') };
  expect(text.split('\n').length - 1).toBe(all.missing.length + all.wrong.length);
  return all;
}

test('nothing set: this computer only, embedded database, no WeCom', () => {
  expect(loadConfig({})).toEqual({ port: 3000, host: '127.0.0.1', warnings: [] });
});

test('everything set', () => {
  const env = {
    ...COMMON,
    ...BOT,
    ...APP,
    ...SENDER,
    PORT: '8080',
    HOST: '10.0.0.1',
    METRICS_PORT: '9100',
    WECOM_BOT_ID: 'aibDEMO',
    WECOM_BOT_NAME: '小秘',
    WECOM_API_BASE: 'http://127.0.0.1:4000/cgi-bin',
    WECOM_GROUP_WEBHOOKS: '{"wrCHAT":"693a91f6-7xxx"}',
    WECOM_AUTHORIZE_URL: 'https://wecom.internal/authorize',
    PUBLIC_URL: 'https://party.example.com:8443',
    LLM_BASE_URL: 'http://localhost:11434/v1',
    LLM_API_KEY: 'llm-key',
    LLM_MODEL: 'qwen3',
    UNRELATED: 'x',
  };
  expect(loadConfig(env)).toEqual({
    port: 8080,
    host: '10.0.0.1',
    metricsPort: 9100,
    databaseUrl: COMMON.DATABASE_URL,
    redisUrl: COMMON.REDIS_URL,
    dataKey: Buffer.alloc(32, 0xab),
    wecom: {
      corpId: 'wwDEMOCORP',
      botName: '小秘',
      botId: 'aibDEMO',
      apiBase: 'http://127.0.0.1:4000/cgi-bin',
      bot: { token: 'bot-token', aesKey: AES_KEY },
      app: { token: 'app-token', aesKey: AES_KEY },
      sender: { agentId: 1_000_002, secret: 'app-secret' },
      webhooks: { wrCHAT: '693a91f6-7xxx' },
      pages: { url: 'https://party.example.com:8443', authorizeUrl: 'https://wecom.internal/authorize' },
    },
    llm: { baseUrl: 'http://localhost:11434/v1', apiKey: 'llm-key', model: 'qwen3' },
    warnings: [],
  });
});

test('a door starts before the console knows more: bot id and sender may follow', () => {
  const config = loadConfig({ ...COMMON, ...BOT });
  expect(config.host).toBe('0.0.0.0');
  expect(config.wecom).toEqual({
    corpId: 'wwDEMOCORP',
    botName: '党建助手',
    apiBase: 'https://qyapi.weixin.qq.com/cgi-bin',
    bot: { token: 'bot-token', aesKey: AES_KEY },
    webhooks: {},
  });
});

test.each([
  ['0.0.0.0', BOT],
  ['0.0.0.0', APP],
  ['0.0.0.0', SENDER],
  ['127.0.0.1', {}],
])('listens on %s with %o', (host, secrets) => expect(loadConfig({ ...COMMON, ...secrets }).host).toBe(host));

test('blanks around a value, and empty values, do not matter', () => {
  const config = loadConfig({
    ...COMMON,
    WECOM_BOT_TOKEN: ' bot-token\n',
    WECOM_BOT_AES_KEY: `\t${AES_KEY}\r\n`,
    WECOM_APP_TOKEN: '',
    LLM_MODEL: '  ',
    PORT: '',
  });
  expect(config).toMatchObject({ port: 3000, wecom: { bot: { token: 'bot-token', aesKey: AES_KEY } } });
  expect(config.wecom?.app).toBeUndefined();
});

test.each([HEX, HEX.toUpperCase(), Buffer.alloc(32, 0xab).toString('base64')])('DATA_KEY %s', (DATA_KEY) => {
  expect(loadConfig({ DATA_KEY }).dataKey).toEqual(Buffer.alloc(32, 0xab));
});

describe('missing', () => {
  const common = ['WECOM_CORP_ID', 'DATABASE_URL', 'DATA_KEY'];
  test.each<[string, Record<string, string | undefined>, string[]]>([
    ['bot door alone', BOT, common],
    ['app door alone', APP, common],
    ['sender alone', SENDER, common],
    ['half a bot door', { ...COMMON, WECOM_BOT_TOKEN: 'x' }, ['WECOM_BOT_AES_KEY']],
    ['the other half', { ...COMMON, WECOM_BOT_AES_KEY: AES_KEY }, ['WECOM_BOT_TOKEN']],
    ['half an app door', { ...COMMON, WECOM_APP_AES_KEY: AES_KEY }, ['WECOM_APP_TOKEN']],
    ['a secret without its agent', { ...COMMON, WECOM_APP_SECRET: 'x' }, ['WECOM_APP_AGENT_ID']],
    ['an agent without its secret', { ...COMMON, WECOM_APP_AGENT_ID: '1' }, ['WECOM_APP_SECRET']],
    ['everything at once', { WECOM_BOT_TOKEN: 'x', WECOM_APP_TOKEN: 'x' }, ['WECOM_BOT_AES_KEY', 'WECOM_APP_AES_KEY', ...common]],
    ['pages without an app', { ...COMMON, PUBLIC_URL: 'https://x.cn' }, ['WECOM_APP_AGENT_ID', 'WECOM_APP_SECRET']],
    ['model without an address', { LLM_MODEL: 'x' }, ['LLM_BASE_URL']],
    ['address without a model', { LLM_BASE_URL: 'http://x/v1' }, ['LLM_MODEL']],
    ['a key alone', { LLM_API_KEY: 'x' }, ['LLM_BASE_URL', 'LLM_MODEL']],
    ['an id of the company alone', { WECOM_CORP_ID: 'x' }, []],
  ])('%s', (_, env, missing) => expect(complaints(env)).toEqual({ missing, wrong: [] }));
});

describe('wrong', () => {
  test.each<[string, string]>([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['PORT', '3000.5'],
    ['METRICS_PORT', '-1'],
    ['DATABASE_URL', 'mysql://db/bot'],
    ['DATABASE_URL', 'bot'],
    ['REDIS_URL', 'cache:6379'],
    ['DATA_KEY', 'secret'],
    ['DATA_KEY', HEX.slice(1)],
    ['DATA_KEY', Buffer.alloc(33).toString('base64')],
    ['WECOM_BOT_AES_KEY', `${AES_KEY}=`],
    ['WECOM_BOT_AES_KEY', AES_KEY.slice(1)],
    ['WECOM_APP_AES_KEY', `_${AES_KEY.slice(1)}`],
    ['WECOM_APP_AGENT_ID', 'app'],
    ['WECOM_API_BASE', 'https://qyapi.weixin.qq.com'],
    ['WECOM_API_BASE', 'https://qyapi.weixin.qq.com/cgi-bin/'],
    ['WECOM_API_BASE', '/cgi-bin'],
    ['WECOM_API_BASE', 'ftp://host/cgi-bin'],
    ['WECOM_GROUP_WEBHOOKS', 'wrCHAT=key'],
    ['WECOM_GROUP_WEBHOOKS', '["key"]'],
    ['WECOM_GROUP_WEBHOOKS', '{"wrCHAT":1,"wrOTHER":2}'],
    ['WECOM_GROUP_WEBHOOKS', '{"wrCHAT":"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}'],
    ['WECOM_AUTHORIZE_URL', 'open.weixin.qq.com'],
    ['PUBLIC_URL', 'party.example.com'],
    ['PUBLIC_URL', 'https://party.example.com/'],
    ['PUBLIC_URL', 'https://party.example.com/bot'],
    ['PUBLIC_URL', 'https://user:word@party.example.com'],
    ['LLM_BASE_URL', 'localhost'],
  ])('%s=%s', (name, value) => {
    const env = { ...COMMON, ...BOT, ...APP, ...SENDER, LLM_BASE_URL: 'http://x/v1', LLM_MODEL: 'x', [name]: value };
    expect(complaints(env)).toEqual({ missing: [], wrong: [name] });
  });

  test('and missing ones are told together, without any value', () => {
    const secrets = {
      WECOM_BOT_AES_KEY: 'my-secret-key',
      DATA_KEY: 'my-data-key',
      DATABASE_URL: 'my-database',
      WECOM_GROUP_WEBHOOKS: 'my-webhook',
    };
    expect(complaints(secrets)).toEqual({
      missing: ['WECOM_BOT_TOKEN', 'WECOM_CORP_ID'],
      wrong: ['DATABASE_URL', 'DATA_KEY', 'WECOM_BOT_AES_KEY', 'WECOM_GROUP_WEBHOOKS'],
    });
    expect(() => loadConfig(secrets)).not.toThrow(/my-/);
  });
});

describe('warnings', () => {
  const full = { ...COMMON, ...BOT, ...APP, ...SENDER, WECOM_BOT_ID: 'aib' };
  test.each<[string, Record<string, string | undefined>, RegExp[]]>([
    ['nothing to say', full, []],
    ['no bot id', { ...full, WECOM_BOT_ID: undefined }, [/^未填 WECOM_BOT_ID/]],
    ['a bot id for no bot', { ...full, WECOM_BOT_TOKEN: undefined, WECOM_BOT_AES_KEY: undefined }, [/^填了 WECOM_BOT_ID/]],
    ['no sender', { ...COMMON, ...APP }, [/^未填 WECOM_APP_AGENT_ID/]],
    ['a sender without a callback', { ...COMMON, ...SENDER }, [/43012/]],
    ['pages in the open', { ...full, PUBLIC_URL: 'http://x.cn' }, [/^PUBLIC_URL 不是 https/]],
    ['pages', { ...full, PUBLIC_URL: 'https://x.cn' }, []],
    ['no Redis', { ...full, REDIS_URL: undefined }, [/^未填 REDIS_URL/]],
    ['no Redis and no WeCom', { PORT: '1' }, []],
  ])('%s', (_, env, warnings) => {
    const said = loadConfig(env).warnings;
    expect(said).toHaveLength(warnings.length);
    warnings.forEach((warning, i) => expect(said[i]).toMatch(warning));
  });
});

test('nothing in it can be changed', () => {
  const config = loadConfig({ ...COMMON, ...BOT, WECOM_GROUP_WEBHOOKS: '{"a":"b"}' });
  for (const part of [config, config.wecom, config.wecom?.bot, config.wecom?.webhooks, config.warnings])
    expect(part).toSatisfy(Object.isFrozen);
});

test('.env.example is what tools/env-example.ts writes, and starts as it stands', () => {
  const file = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  expect(file).toBe(envExample());
  const env = Object.fromEntries(
    file
      .split('\n')
      .flatMap((line) => (line.includes('=') && !line.startsWith('#') ? [line.split(/=(.*)/s).slice(0, 2)] : [])) as [
      string,
      string,
    ][],
  );
  expect(Object.keys(env)).toHaveLength(26);
  expect(loadConfig(env)).toEqual(loadConfig({}));
});
