/** Every name the environment may carry, and the one place that reads them. Wrong or missing ones are reported together. */
import { z } from 'zod';

type About = {
  /** One line for `.env.example`. */
  what: string;
  /** 用途, 填法 and 位置: what the operator reads when the value is missing or wrong. */
  why: string;
  form: string;
  where: string;
};

const about = z.registry<About>();
const number = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const url = () => z.url({ protocol: /^https?$/ });
const aesKey = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/)
    .optional();
const keyBytes = (text: string): Uint8Array => Buffer.from(text, text.length === 64 ? 'hex' : 'base64');

function parseJson(text: string, { issues }: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    issues.push({ code: 'custom', input: text });
    return z.NEVER;
  }
}

const names = z.object({
  PORT: number(0, 65_535).default(3000).register(about, {
    what: 'HTTP port for the callbacks, the pages and the playground',
    why: '接收回调的端口',
    form: '0 到 65535 的整数',
    where: '由部署者决定；反向代理把 HTTPS 转到这里',
  }),
  HOST: z.string().optional().register(about, {
    what: 'Address to listen on; default 0.0.0.0 when a WeCom secret is set, otherwise 127.0.0.1',
    why: '监听的网络地址',
    form: 'IP 地址或主机名',
    where: '由部署者决定，通常留空',
  }),
  METRICS_PORT: number(0, 65_535).optional().register(about, {
    what: 'Port for Prometheus metrics; unset: none are served',
    why: '提供监控指标的端口',
    form: '0 到 65535 的整数',
    where: '由部署者决定，不要对外网开放',
  }),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/)
    .optional()
    .register(about, {
      what: 'PostgreSQL 15 or later; unset: an embedded database for trying the bot',
      why: '保存需求、公积金、审批等全部业务数据',
      form: 'postgresql://用户:密码@主机:5432/库名',
      where: '由数据库管理员提供',
    }),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/)
    .optional()
    .register(about, {
      what: 'Redis for conversations, locks and tokens; unset: kept in this process',
      why: '保存对话进度、锁和令牌，多个进程共用',
      form: 'redis://:密码@主机:6379/0',
      where: '由运维提供',
    }),
  DATA_KEY: z
    .string()
    .regex(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)$/)
    .transform(keyBytes)
    .optional()
    .register(about, {
      what: '32 bytes that encrypt phone numbers: 64 hex digits or base64. Keep it as long as the database',
      why: '加密手机号；丢失后无法还原',
      form: '64 位十六进制，或 32 字节的 base64',
      where: '用 openssl rand -hex 32 生成一次，与数据库备份分开保管',
    }),
  WECOM_CORP_ID: z.string().optional().register(about, {
    what: 'CorpID of the company',
    why: '校验回调是否发给本企业，也用于换取令牌',
    form: 'ww 开头的字符串',
    where: '企业微信管理后台 → 我的企业 → 企业信息 → 企业ID',
  }),
  WECOM_BOT_ID: z.string().optional().register(about, {
    what: 'Id of the 智能机器人; may be filled in after its URL was saved',
    why: '核对消息是否来自本机器人',
    form: 'aib 开头的字符串',
    where: '管理后台 → 管理工具 → 智能机器人 → 该机器人的详情',
  }),
  WECOM_BOT_NAME: z.string().default('党建助手').register(about, {
    what: 'Name of the 智能机器人 as people @ it in groups',
    why: '去掉群消息开头的“@机器人名”',
    form: '与后台显示的名称完全一致',
    where: '管理后台 → 管理工具 → 智能机器人 → 名称',
  }),
  WECOM_BOT_TOKEN: z.string().optional().register(about, {
    what: 'Token of the 智能机器人 callback',
    why: '校验机器人回调的签名',
    form: '后台生成的字符串',
    where: '管理后台 → 管理工具 → 智能机器人 → API 模式 → Token',
  }),
  WECOM_BOT_AES_KEY: aesKey().register(about, {
    what: 'EncodingAESKey of the 智能机器人 callback',
    why: '解密机器人回调',
    form: '43 位字母或数字，末尾没有“=”',
    where: '管理后台 → 管理工具 → 智能机器人 → API 模式 → EncodingAESKey',
  }),
  WECOM_BOT_TOKEN_OLD: z.string().optional().register(about, {
    what: 'The Token before a change in the console; both are accepted until this is removed',
    why: '更换机器人 Token 时，新旧两个都能用，不丢消息',
    form: '更换前的 Token；换好后删去',
    where: '原来的 WECOM_BOT_TOKEN',
  }),
  WECOM_BOT_AES_KEY_OLD: aesKey().register(about, {
    what: 'The EncodingAESKey before a change in the console',
    why: '更换机器人 EncodingAESKey 时，新旧两个都能用',
    form: '更换前的 EncodingAESKey；换好后删去',
    where: '原来的 WECOM_BOT_AES_KEY',
  }),
  WECOM_APP_AGENT_ID: number(1, 2 ** 31)
    .optional()
    .register(about, {
      what: 'AgentId of the 自建应用',
      why: '以应用的名义给个人发通知和审批卡',
      form: '整数',
      where: '管理后台 → 应用管理 → 自建 → 该应用 → AgentId',
    }),
  WECOM_APP_SECRET: z.string().optional().register(about, {
    what: 'Secret of the 自建应用',
    why: '换取令牌，给个人发通知和审批卡',
    form: '后台生成的字符串',
    where: '管理后台 → 应用管理 → 自建 → 该应用 → Secret',
  }),
  WECOM_APP_TOKEN: z.string().optional().register(about, {
    what: 'Token of the 自建应用 callback',
    why: '校验应用回调的签名',
    form: '后台生成的字符串',
    where: '管理后台 → 应用管理 → 自建 → 该应用 → 接收消息 → 设置API接收 → Token',
  }),
  WECOM_APP_AES_KEY: aesKey().register(about, {
    what: 'EncodingAESKey of the 自建应用 callback',
    why: '解密应用回调',
    form: '43 位字母或数字，末尾没有“=”',
    where: '管理后台 → 应用管理 → 自建 → 该应用 → 接收消息 → 设置API接收 → EncodingAESKey',
  }),
  WECOM_APP_TOKEN_OLD: z.string().optional().register(about, {
    what: 'The Token before a change in the console; both are accepted until this is removed',
    why: '更换应用 Token 时，新旧两个都能用，不丢消息',
    form: '更换前的 Token；换好后删去',
    where: '原来的 WECOM_APP_TOKEN',
  }),
  WECOM_APP_AES_KEY_OLD: aesKey().register(about, {
    what: 'The EncodingAESKey before a change in the console',
    why: '更换应用 EncodingAESKey 时，新旧两个都能用',
    form: '更换前的 EncodingAESKey；换好后删去',
    where: '原来的 WECOM_APP_AES_KEY',
  }),
  WECOM_API_BASE: url()
    .regex(/\/cgi-bin$/)
    .default('https://qyapi.weixin.qq.com/cgi-bin')
    .register(about, {
      what: "Base of WeCom's server API; another one only for a proxy or a private deployment",
      why: '调用企业微信接口的地址',
      form: '以 /cgi-bin 结尾的 http(s) 地址',
      where: '通常不填；私有化部署或经代理时由运维提供',
    }),
  WECOM_AUTHORIZE_URL: url().default('https://open.weixin.qq.com/connect/oauth2/authorize').register(about, {
    what: 'Where a page sends whoever opens it to be recognised; another one only for a private deployment',
    why: '网页授权登录的地址',
    form: 'http(s) 地址',
    where: '通常不填；私有化部署时由运维提供',
  }),
  PUBLIC_URL: url()
    .regex(/^https?:\/\/[\w.-]+(:\d+)?$/)
    .optional()
    .register(about, {
      what: 'Address under which people inside WeCom reach the pages of this service (/pages); unset: no page is offered',
      why: '在企业微信里打开公示等网页',
      form: 'https://域名，带端口的写上端口，末尾没有“/”；反向代理把 /pages 转到这里',
      where: '由部署者决定；域名要填进管理后台 → 应用管理 → 自建 → 该应用 → 网页授权及JS-SDK → 可信域名',
    }),
  WECOM_GROUP_WEBHOOKS: z
    .string()
    .transform(parseJson)
    .pipe(z.record(z.string(), z.string().regex(/^[\w-]+$/)))
    .default({})
    .register(about, {
      what: 'Keys of group-robot webhooks, JSON from chat id to key: {"wr…":"key"}',
      why: '主动往群里发通知',
      form: 'JSON：群 chatid 对应 Webhook 的 key',
      where: '群聊 → 群机器人（消息推送）→ Webhook 地址里 key= 之后的部分',
    }),
  LLM_BASE_URL: url().optional().register(about, {
    what: 'OpenAI-compatible model service; unset: offline understanding only',
    why: '连接大模型，理解更随意的说法',
    form: 'http(s) 地址，通常以 /v1 结尾',
    where: '模型服务商的接入文档',
  }),
  LLM_API_KEY: z.string().optional().register(about, {
    what: 'Key of the model service, where it wants one',
    why: '大模型服务的密钥',
    form: '服务商给出的字符串',
    where: '模型服务商的控制台',
  }),
  LLM_MODEL: z.string().optional().register(about, {
    what: 'Name of the model',
    why: '指定使用哪个大模型',
    form: '模型名称',
    where: '模型服务商的模型列表',
  }),
});

type Name = keyof typeof names.shape;

const BOT: readonly Name[] = ['WECOM_BOT_TOKEN', 'WECOM_BOT_AES_KEY'];
const APP: readonly Name[] = ['WECOM_APP_TOKEN', 'WECOM_APP_AES_KEY'];
const SENDER: readonly Name[] = ['WECOM_APP_AGENT_ID', 'WECOM_APP_SECRET'];
const LLM: readonly Name[] = ['LLM_BASE_URL', 'LLM_API_KEY', 'LLM_MODEL'];

/** As soon as one of `when` is given, all of `need` must be. */
const RULES: readonly { when: readonly Name[]; need: readonly Name[] }[] = [
  { when: BOT, need: BOT },
  { when: APP, need: APP },
  { when: SENDER, need: SENDER },
  { when: ['PUBLIC_URL'], need: SENDER },
  { when: [...BOT, ...APP, ...SENDER], need: ['WECOM_CORP_ID', 'DATABASE_URL', 'DATA_KEY'] },
  { when: LLM, need: ['LLM_BASE_URL', 'LLM_MODEL'] },
];

export type Config = {
  readonly port: number;
  readonly host: string;
  readonly metricsPort?: number | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** 32 bytes. */
  readonly dataKey?: Uint8Array | undefined;
  readonly wecom?: WecomConfig | undefined;
  readonly llm?: Readonly<{ baseUrl: string; apiKey?: string | undefined; model: string }> | undefined;
  /** Sentences for the operator: what is not set up, and what does not work for that reason. */
  readonly warnings: readonly string[];
};

type Secrets = Readonly<{ token: string; aesKey: string }>;

export type WecomConfig = {
  readonly corpId: string;
  readonly botName: string;
  readonly botId?: string | undefined;
  /** Ends in `/cgi-bin`. */
  readonly apiBase: string;
  readonly bot?: Secrets | undefined;
  readonly app?: Secrets | undefined;
  /** Those before a change in the console, accepted beside the new ones. */
  readonly botOld?: Secrets | undefined;
  readonly appOld?: Secrets | undefined;
  readonly sender?: Readonly<{ agentId: number; secret: string }> | undefined;
  /** From chat id to webhook key. */
  readonly webhooks: Readonly<Record<string, string>>;
  readonly pages?: PagesConfig | undefined;
};

/** `url`: where they are reached, without a slash at the end. `authorizeUrl`: where WeCom says who it is that opens one. */
export type PagesConfig = Readonly<{ url: string; authorizeUrl: string }>;

/** All names, in the order of `.env.example`. */
export const variables: readonly (About & { name: string; fallback: string })[] = Object.entries(names.shape).map(
  ([name, type]) => {
    const value: unknown = type.parse(undefined);
    const fallback = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    return { ...about.get(type)!, name, fallback };
  },
);

/** Throws one Error, in Chinese and without a value in it, that names everything missing and everything wrong. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.keys(names.shape).flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const has = (name: Name) => name in given;
  const missing = RULES.flatMap(({ when, need }) => (when.some(has) ? need.filter((name) => !has(name)) : []));
  const parsed = names.safeParse(given);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => issue.path[0] as Name);
  if (!parsed.success || missing.length > 0) {
    const lines = [...missing.map((name) => complain(name, '未填')), ...wrong.map((name) => complain(name, '填写不对'))];
    throw new Error(['配置不完整，无法启动：', ...new Set(lines)].join('\n'));
  }

  const value = parsed.data;
  const bot = both(value.WECOM_BOT_TOKEN, value.WECOM_BOT_AES_KEY, (token, aesKey) => ({ token, aesKey }));
  const app = both(value.WECOM_APP_TOKEN, value.WECOM_APP_AES_KEY, (token, aesKey) => ({ token, aesKey }));
  const botOld = bot && before(bot, value.WECOM_BOT_TOKEN_OLD, value.WECOM_BOT_AES_KEY_OLD);
  const appOld = app && before(app, value.WECOM_APP_TOKEN_OLD, value.WECOM_APP_AES_KEY_OLD);
  const sender = both(value.WECOM_APP_AGENT_ID, value.WECOM_APP_SECRET, (agentId, secret) => ({ agentId, secret }));
  const wecom =
    value.WECOM_CORP_ID && (bot ?? app ?? sender)
      ? {
          corpId: value.WECOM_CORP_ID,
          botName: value.WECOM_BOT_NAME,
          botId: value.WECOM_BOT_ID,
          apiBase: value.WECOM_API_BASE,
          bot,
          app,
          botOld,
          appOld,
          sender,
          webhooks: value.WECOM_GROUP_WEBHOOKS,
          pages: value.PUBLIC_URL === undefined ? undefined : { url: value.PUBLIC_URL, authorizeUrl: value.WECOM_AUTHORIZE_URL },
        }
      : undefined;
  const llm = both(value.LLM_BASE_URL, value.LLM_MODEL, (baseUrl, model) => ({ baseUrl, model, apiKey: value.LLM_API_KEY }));
  return freeze({
    port: value.PORT,
    host: value.HOST ?? (wecom ? '0.0.0.0' : '127.0.0.1'),
    metricsPort: value.METRICS_PORT,
    databaseUrl: value.DATABASE_URL,
    redisUrl: value.REDIS_URL,
    dataKey: value.DATA_KEY,
    wecom,
    llm,
    warnings: warn(value),
  });
}

function complain(name: Name, what: string): string {
  const { why, form, where } = about.get(names.shape[name])!;
  return `- ${name} ${what}。用途：${why}。填法：${form}。位置：${where}。`;
}

function warn(value: z.infer<typeof names>): string[] {
  const bot = value.WECOM_BOT_TOKEN;
  const app = value.WECOM_APP_TOKEN;
  const sender = value.WECOM_APP_SECRET;
  const cases: [unknown, string][] = [
    [bot && !value.WECOM_BOT_ID, '未填 WECOM_BOT_ID：无法核对消息是否来自本机器人，请在后台保存回调地址后补上。'],
    [value.WECOM_BOT_ID && !bot, '填了 WECOM_BOT_ID，但没有 WECOM_BOT_TOKEN 和 WECOM_BOT_AES_KEY：机器人入口没有打开。'],
    [(bot ?? app) && !sender, '未填 WECOM_APP_AGENT_ID 和 WECOM_APP_SECRET：回调地址可以通过检查，但审批卡和个人通知发不出去。'],
    [sender && !app, '未填 WECOM_APP_TOKEN 和 WECOM_APP_AES_KEY：应用没有回调地址，企业微信不接受按钮卡片（错误码 43012）。'],
    [value.PUBLIC_URL?.startsWith('http:'), 'PUBLIC_URL 不是 https：网页和登录凭据在路上没有加密，只适合试用。'],
    [(bot ?? app ?? sender) && !value.REDIS_URL, '未填 REDIS_URL：对话进度只在本进程内，重启即丢，且只能运行一个进程。'],
  ];
  return cases.flatMap(([applies, sentence]) => (applies ? [sentence] : []));
}

/** Of the two secrets only the one that was changed need be named. */
function before(now: Secrets, token: string | undefined, aesKey: string | undefined): Secrets | undefined {
  return token === undefined && aesKey === undefined ? undefined : { token: token ?? now.token, aesKey: aesKey ?? now.aesKey };
}

function both<A, B, T>(a: A | undefined, b: B | undefined, make: (a: A, b: B) => T): T | undefined {
  return a === undefined || b === undefined ? undefined : make(a, b);
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) freeze(part);
  }
  return Object.freeze(value);
}
