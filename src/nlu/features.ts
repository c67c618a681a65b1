/** What the router looks at in a sentence: runs of characters with numbers masked by kind, and the few words that tell directions apart. */
import { normalise } from './normalise.ts';

/** Longer texts are read up to here. */
const READ = 600;

const NUM = '(?:\\d+(?:\\.\\d+)?|[〇零一二两三四五六七八九十百千万半几廿壹贰叁肆伍陆柒捌玖拾]+)';
const UNIT =
  '(?:吨|桶|箱|套|卷|公斤|千克|斤|包|件|双|副|只|台|kg|t(?![a-z])|公?米|平方米?|平|方|捆|板|盒|袋|令|张|把|根|片|块板|打|车|罐|瓶|支|付|顶|批)';

/** Each kind of value becomes one sign, in this order: `A-2026-0012` and `C20260007` are the same word to the router. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[abc][-—–_ ]?20\d\d[-—–_ ]?\d{1,4}/g, 'Ｎ'],
  [/f[-—–_ ]?20\d\d[-—–_ ]?\d{1,4}/g, 'Ｆ'],
  [/g[-—–_ ]?20\d\d[-—–_ ]?\d{1,4}/g, 'Ｇ'],
  [/(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)(?:0\d{2,3}-)?\d{8}(?:[-转]\d{1,5})?(?!\d)/g, 'Ｔ'],
  [/\d+(?:\.\d+)?%|百分之[一二三四五六七八九十百]+/g, 'Ｒ'],
  [new RegExp(`${NUM}(?:颗|个)?星`, 'g'), 'Ｓ'],
  [
    /(?:大?后|明|今|昨|前)(?:天|晚|早)|(?:这|本|上|下)*(?:周|礼拜|星期)[一二三四五六日天末]?|月底|月初|\d{1,2}月(?:\d{1,2}[日号])?/g,
    'Ｄ',
  ],
  [/(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:点半?|:\d\d)(?=钟|$|[^评赞])/g, 'Ｈ'],
  [
    new RegExp(
      `${NUM}(?:来|多)?(?:块钱|块|元|万元|w(?![a-z])|k(?![a-z]))|(?:\\d+(?:\\.\\d+)?|[一二两三四五六七八九十])万[一二三四五六七八九\\d]?千?`,
      'g',
    ),
    '￥',
  ],
  [new RegExp(`第${NUM}(?:个|条|项|号|单)?`, 'g'), 'Ｏ'],
  [new RegExp(`${NUM}(?:来|多)?(?:名|位|号人|个人|口人|人)`, 'g'), 'Ｐ'],
  [new RegExp(`${NUM}(?:来|多)?${UNIT}`, 'g'), 'Ｑ'],
  [/(?:\d+|[二两三四五六七八九十百]+)(?:来|多)?个/g, 'Ｃ'],
  [/\d+(?:\.\d+)?/g, '０'],
];

/** The sentence as its features are cut from it. */
export function masked(text: string): string {
  let words = normalise(text).slice(0, READ).normalize('NFKC').toLowerCase();
  for (const [pattern, sign] of MASKS) words = words.replace(pattern, sign);
  return words
    .replace(/^@\S{1,12}\s/u, '')
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}￥?+]+/gu, ' ')
    .replace(/(.)\1{2,}/gu, '$1$1')
    .trim();
}

/** Only values, which say what somebody means only in a conversation. */
export function isBare(text: string): boolean {
  return /^[ＮＦＧＴＲＳＤＨ￥ＯＰＱＣ０ ?]*$/u.test(masked(text));
}

/** Words for people who work, and for goods: only their kind matters. */
const HANDS =
  '工人|员工|人手|师傅|技工|[普焊电钳木车缝杂]工|临时工|零工|女工|男工|熟手|操作[工员]|搬运|打包|包装工|学徒|帮工|劳动力|技术员|质检|叉车|家属|会计|文员|仓管|人(?=闲|没活|能借|可以借|先借)|顶班|夜班';
const GOODS =
  '铜|钢|铝|铁|塑料|粒子|树脂|轴承|镜片|镜架|皮料|皮革|纸板|纸箱|纸盒|螺丝|螺栓|胶水|电线|电缆|面料|布料|油漆|毛坯|模具|原料|原材料|材料|物料|辅料|线材|板材|管材|pvc|abs|口罩|手套|劳保|鞋底|包装|垫片|密封|弹簧|插头|线圈|电机|托盘|周转箱|酒精|消毒|防护服|焊条|切削液|机油|柴油|薄膜|标签';

/** Who lacks and who has: the speaker, or those asked. */
const OTHERS = '(?:谁|哪家|哪个厂|哪里|哪位|有没有|有谁|兄弟)';
const NOT_OTHERS = `(?<!${OTHERS}.{0,6})`;
const SHORT =
  '缺|紧缺|不够|不足|断料|断供|断货|断了|用完|用光|见底|告急|告罄|等米下锅|急需|急要|急用|没货|没料|没了|接不上|跟不上|来不及|赶不|忙不过来|紧张|招不到|少(?:Ｃ|Ｐ|个|几|人)|差(?:Ｃ|Ｐ|Ｑ|个|几)';
const SPARE =
  '富余|多余|闲|空闲|没活|没事[做干]|没订单|空着|歇着|多出|多了|太多|用不[完上掉着]|匀|压仓|压了|压着|堆|囤|剩|淡季|停产|停工|放假|检修|待岗|库存[多大足]|充[足裕]|现成|[有多]的(?!话)|多$';

/** Narrow signs of the matter and of its direction: each that is found is one more feature, never a decision. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  hands: new RegExp(HANDS),
  goods: new RegExp(GOODS),
  short: new RegExp(`${NOT_OTHERS}(?:${SHORT})`),
  spare: new RegExp(`${NOT_OTHERS}(?:${SPARE})`),
  'others short': new RegExp(
    `${OTHERS}.{0,8}(?:${SHORT}|需要|要用|要的|要人|要(?:吗|不)?(?: |$|我)|用得[上着]|赶货)|有需要|要的?(?:话|说|来|联系|找)|需要的`,
  ),
  'others spare': new RegExp(`${OTHERS}.{0,8}(?:${SPARE}|有|借|挪|停产|放假)|有没有.{0,10}(?:借|来帮|过来)`),
  'borrow in':
    /借(?:我|点|些|几|一|Ｑ|Ｃ|Ｐ|用)|(?:先|想|求|急|能|要|找人|暂|临时)借(?!出|给|你|走)|借入|[匀挪调]几?(?:我|点|个给我|些|一|给我|Ｑ)|会还|就还|还实物|归还|后还|还你|求|拆入|给我们/,
  'lend out':
    /借出|出借|外借|借给(?!我)|借你|(?:人|料|货|东西|模具).{0,4}(?:借|拿|匀)(?:给)?(?:你|别|大家|出|走|去)|拿去|来[拉拿搬借]|让出|转让|支援(?:别|你|兄弟|大家|Ｑ|Ｐ|Ｃ)|可(?:以)?(?:借|支援|提供|调剂|外派|共享|派)|提供|出去|匀(?:出|得出|Ｐ|Ｃ)|能匀|给(?:别|兄弟|需要)|(?:我|这)(?:这|儿|里|边|家|厂|们)?.{0,3}有(?!没)/,
  claim: /认领|点单|接单|抢单|领单|我来|我领|我接|归我|包在|交给我|我包|让我|我上|我去|揽|接(?:了|下)/,
  collective: /支部|小组|党委|总支|支委|联盟|集体|党组织|班子/,
  'need no': /Ｎ/,
  'fund no': /Ｆ/,
  'group no': /Ｇ/,
  money: /￥/,
  quantity: /Ｑ/,
  count: /Ｃ/,
  people: /Ｐ/,
  ordinal: /Ｏ/,
  date: /Ｄ|Ｈ/,
  phone: /Ｔ/,
  stars: /Ｓ|满分|好评|差评|点赞/,
  rate: /Ｒ|[一-龥]率|排名|排第|第几|垫底|占(?:比|多少|几)|比例|平均|总共|一共|总(?:数|额|量|计|时)|合计|汇总|统计|报表|人[次数]|[电量]量|同比|环比|对比|增长|(?:多少|几)(?:件|单|条|家|起|个|场|笔|次|人)/,
  yes: /(?<!不)(?:同意|批准|照准|放行|拨付|准予|核准|批了|可以批|通过)/,
  no: /不(?:同意|批|准|予|通过|行|能批|能给|赞成|合规|符合)|驳回|退回|打回|否决|拒绝|暂缓|退掉|重报|重做/,
  cancel: /取消|撤[销回]|作废|算了|不[要办弄报提搞]了|别[提报弄办]|退出|点错|按错|当我没|停/,
  stop: /不.{1,4}[了啦](?:吧|啊| |$)|(?:别|不用|没事|反悔|后悔|改天|下次)/,
  correct: /不是.{1,10}是|改成|改为|改到|换成|应该是|应为|[写填说打报弄搞输]错|更正|更改|纠正|少[写打]|多[写打]/,
  fund: /公积金|党建经费|经费|账上|账户|专户|额度|余额/,
  deposit: /预存|存(?:入|进|点|￥)|缴存|充值|入账|赞助|捐|打款|转(?:了)?￥|打(?:了)?￥/,
  budget: /预算|申[请领报]|拨款|活动(?:费|经费)|报销|方案|项目书|计划书/,
  event: /主题党日|党日|党课|参观|读书|培训|慰问|比武|表彰|志愿|联建|观影|讲座|组织生活|义诊|植树|文艺|篮球|活动/,
  join: /报名|报上|算我|加我|带我|带上|参加|我也|也要|也来|凑一份|\+|接龙|跟团|参团|入团|一份/,
  bulk: /团购|拼团|拼单|集采|集中采购|统一采购|统采|一起(?:买|订|采购|进货)|一块(?:买|订)|合伙|凑(?:几|一|个)|谈价|压价|打包谈|开团|共购/,
  notice: /公示|公开|上墙|晒|公布/,
  object: /异议|举报|质疑|反对|不实|虚报|虚高|造假|猫腻|假的|核查|查查|不认可|投诉|不合规|冒领|重复领/,
  loan: /贷|融资|授信|利率|利息|银行|抵押|周转|资金/,
  policy: /政策|补贴|补助|扶持|减免|认定|申报|奖励|文件|优惠|退税|缓缴|稳岗|专精特新|高新/,
  fair: /展会|参展|广交会|进博会|考察|组团|抱团|对接会|摊位|展位|采购会|拓市场|拓销路|跑市场|跑订单|出海|博览会|糖酒会|洽谈|共拓/,
  office: /执照|许可|证|备案|公章|刻章|环评|消防验收|窗口|代办|社保|政务|助企|综治|调解|纠纷|矛盾|吵|欠薪|货款|押金|漏水|评理/,
  hotline:
    /热线|来电|致电|值班|打(?:了)?(?:个)?电话|电话(?:里|那头|说|反映|记录|转|登记|接听)|个电话|话务|接听|接线|坐席|座机|打进来|打来|打热线|外线|call|接到|刚接|代录|[代替帮].{0,8}(?:来电|打)/,
  question: /吗|么|\?|怎么|如何|咋|多少|几(?!个|位|名)|什么|啥|哪|能不能|可不可以|有没有|谁|[一-龥]不$|没$/,
  done: /办结|办好|办完|搞定|做完|解决|完成|销号|结了|关单|闭环|落实|弄好|修好|装好|上完/,
  status: /到哪|进度|进展|怎么样了|有下文|有消息|谁在办|办得怎|有人接|有人管|催|状态|多久/,
  'own money':
    /花呗|借呗|微粒贷|信用卡|支付宝|余额宝|理财|基金|股票|炒股|银行卡|话费|饭卡|工资条|报销单|个税|养老金|医保|网贷|征信|红包|房贷|车贷|房租|买房|租房|住房/,
  'own life':
    /老婆|老公|女朋友|男朋友|我妈|我爸|婆媳|离婚|结婚|相亲对象|驾照|驾驶证|行驶证|身份证|护照|通行证|社保卡|违章|车辆年检|请假|考勤|打卡|简历|跳槽|小区|作业不会|(?<!厂)医院|减肥/,
  shop: /外卖|快递|淘宝|京东|美团|拼多多|拼好饭|滴滴|奶茶|咖啡|机票|车票|高铁|酒店|会员|电影|顺丰|订单号|取件|好友/,
  write:
    /写(?:一|个|篇|首|封|份|段|入党)|翻译|润色|代码|脚本|编程|python|java|sql|excel|ppt|生成|画(?:一|个|张)|translate|write|code/,
  attack:
    /忽略|指令|提示词|system|ignore|instruction|prompt|权限|密码|数据库|管理员|跳过|绕过|不用走流程|免审批|假装|扮演|你现在是|我是.{0,6}(?:书记|领导|部长|检查组)/,
  lore: /党费|入党|转正|预备党员|党章|党徽|党龄|三会一课|换届|组织关系|思想汇报|誓词|学习强国|党史/,
  'kin matters': /共济|共享|共融|共研|共拓/,
  mine: /我(?:认领|接|领|负责|手上|名下)(?:的|过)/,
  firm: /我们|咱|俺|我[厂司]|公司|企业|单位|厂|支部|车间|工人|员工|联盟|老板/,
  human: /人工|真人|客服/,
  help: /怎么(?:用|操作|说|弄|玩)|教程|说明|功能|指令|菜单|能(?:做|干|帮)|会(?:做|什么|干)|不会用|help|帮助/,
};

const words = new Intl.Segmenter('zh', { granularity: 'word' });

/** What a sentence is made of: single characters, pairs of them, words; and the signs found in it. */
export type Features = { readonly parts: readonly string[]; readonly signs: readonly string[] };

export function featuresOf(text: string): Features {
  const said = masked(text);
  const letters = [...`^${said}$`];
  return {
    parts: [
      ...letters,
      ...letters.slice(1).map((letter, i) => `${letters[i]}${letter}`),
      ...[...words.segment(said)].map(({ segment }) => `word ${segment}`),
    ],
    signs: [
      ...Object.keys(SIGNS).filter((name) => SIGNS[name]?.test(said)),
      `length ${Math.min(5, Math.floor(letters.length / 6))}`,
    ].map((name) => `sign ${name}`),
  };
}

/** A sentence as the classifier reads it: which features, and how much of each. */
export type Vector = { readonly at: Int32Array; readonly much: Float64Array };

/** Every feature known, in the order of their places, and how much one is worth by being rare. */
export type Space = { readonly names: readonly string[]; readonly rarity: Float64Array };

/** What the signs weigh against the parts. */
const SIGN_WEIGHT = 0.8;
/** Squared weight of a part nobody has said before: the more of them, the less sure the rest. */
const UNHEARD = 20;

/** The features of these texts, each weighted by how few texts have it. */
export function createSpace(texts: readonly Features[]): Space {
  const places = new Map<string, number>();
  const counts: number[] = [];
  for (const { parts, signs } of texts) {
    for (const name of new Set([...parts, ...signs])) {
      const at = places.get(name) ?? places.size;
      places.set(name, at);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const rarity = Float64Array.from(counts, (count) => 1 + Math.log((1 + texts.length) / (1 + count)));
  return { names: [...places.keys()], rarity };
}

export function vectorsIn({ names: known, rarity }: Space): (features: Features) => Vector {
  const places = new Map(known.map((name, at) => [name, at]));

  /** Adds the named features to a vector, together of length `weight`. */
  function add(names: readonly string[], weight: number, to: Map<number, number>): void {
    const found = new Map<number, number>();
    let square = 0;
    for (const name of names) {
      const at = places.get(name);
      if (at === undefined) square += UNHEARD;
      else found.set(at, (found.get(at) ?? 0) + 1);
    }
    for (const [at, count] of found) {
      const much = (1 + Math.log(count)) * (rarity[at] ?? 0);
      found.set(at, much);
      square += much * much;
    }
    for (const [at, much] of found) to.set(at, (weight * much) / Math.sqrt(square));
  }

  return ({ parts, signs }) => {
    const values = new Map<number, number>();
    add(parts, 1, values);
    add(signs, SIGN_WEIGHT, values);
    return { at: Int32Array.from(values.keys()), much: Float64Array.from(values.values()) };
  };
}
