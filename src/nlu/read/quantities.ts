/** 数量: a number, its unit as said, and the goods it counts; heads and trades. */
import { findNumbers, toNumber } from './numbers.ts';
import { BLANK, blank, match, narrow, type Found } from './span.ts';

export type Quantity = { readonly quantity: number; readonly unit?: string };

/** What goods are counted in, as a pattern. */
export const UNITS =
  '公斤|千克|kg(?![a-z])|吨|克|斤|平方米|平米|平方|㎡|m²|立方米|立方|公里|米|箱|桶|只|双|套|副|付|卷|件|包|袋|盒|瓶|台|把|张|根|条|块|片|捆|车|批|份|本|支|辆|部|棵|组|打|对|升|托盘|托|板|盘|罐|匹|令|顶|扇|床|枚|颗|粒|筒|筐|扎|听|盏|株|册|幅|柜|提|串|毫升|个|t(?![a-z])';
const UNIT = new RegExp(`\\s?(${UNITS})(?<half>半)?`, 'iuy');
const CHINESE: Readonly<Record<string, string>> = { kg: '公斤', t: '吨', '㎡': '平方米', 'm²': '平方米' };
const asWritten = (unit: string) => CHINESE[unit.toLowerCase()] ?? unit;
/** 个 of something that is no goods; 块钱, 件事. */
const NO_GOODS =
  /^(?:个(?:多|半)?(?:月|小时|钟头|星期|礼拜|人|工|员|党|团|单|名|支|企业|公司|活动|位|师|焊|普|女|男|学|点|电话|来电|厂|区|小孩|孩子|老人|地方|路口|宿舍|车间|小区|楼|房|事)|[条件](?:需求|事|单)|[个件套](?:问题|困难|需求|意见)|台阶|次|块(?:钱|[一每/\d二三四六七八九])|张罗|部门|本(?:周|月|厂|公司|市|镇)|对(?:接|方)|份(?:儿)?(?:力|心)|打(?:算|电)|把(?:它|这|那|人|货)|支(?:部|援|持)|组(?:织|长)|车间|套餐|台州|板块|片区|双休|包装工|包(?:装|裹)工)/u;
/** 一个, 一批, 一份: figures of speech, not a count. */
const SPEECH = /^(?:一|半)\s?(?:个|批|份|把|条|对|组|件|块|片|部|本)/u;

/** Counts with a unit of goods. */
export function findQuantities(text: string): Found<Quantity>[] {
  const line = narrow(text);
  return findNumbers(line).flatMap((number) => {
    if (number.value.kind !== 'exact' || number.value.value <= 0n || line[number.start - 1] === '第') return [];
    const found = match(UNIT, line, number.end);
    // 多少钱一箱 asks for a price.
    if (/钱\s?$/u.test(line.slice(0, number.start))) return [];
    if (!found || NO_GOODS.test(line.slice(number.end).trimStart()) || SPEECH.test(line.slice(number.start))) return [];
    const [words, unit = ''] = found;
    // 50斤装 is how it is packed.
    if (/^装(?![好了修置配])/u.test(line.slice(number.end + words.length))) return [];
    const half = found.groups?.['half'] ? 0.5 : 0;
    return [
      {
        value: { quantity: toNumber(number.value.value) + half, unit: asWritten(unit) },
        start: number.start,
        end: number.end + words.length,
      },
    ];
  });
}

const EDGE = '(?:[\\s,，。;；:：、!！?？()（）"“”~～+' + BLANK + ']|(?<!\\d)\\.|\\.(?!\\d))';
/** Words that end the name of goods when it follows its count, or begin after it. */
const AFTER = new RegExp(
  `${EDGE}|厂家|厂商|商家|供应商|老板|肯|便宜|优惠|打折|随便|随意|尽管|尽快|坏|老是|老(?=[跳坏断停])|拿|拉(?!链|丝)|使使|使一|用用|打(?!印|包|码|磨|火|样)|可(?!乐)|能不能|能|应急|救急|周转|借(?!书)|先(?!锋)|给|急|想|要|谁|哪|多余|多出|空闲|闲置|富余|行[吗不]|吗|吧|呢|啊|呀|了|顶[一几上]|等着|等|还|过来|出来|出去|来[吧拉]|来$|调剂|调配|支援|共享|拆借|左右|上下|的话|马上|明天|下周|月底|我们|我|你|咱|用一|用几|用[两十]|用到|用于|用完|送到|到货|大概|大约|一共|总共|有人|有没|有[吗么]|没|就|都|让|跟着|跟|赶|放[在着仓]|堆在|堆|压在|换|到|随时|单价|每|是|和|以及|与|外加|另外`,
  'u',
);
const BEFORE = new RegExp(
  `${EDGE}|我们公司|我们厂|我们家|我们|我司|我家|咱们?厂?|俺们?|我这儿?|这边|[我你您他她谁咱俺]|公司|厂里|车间里?|仓库里?|库存|库里|手[上头]|(?:统一|集中|联合|批量)?(?:采购|进货)|订购|订货|购买|拿货|红色团购|团购|拼团|拼单|参团|跟团|入团|开团|跟单|接龙|发起|搞(?:个|一个|一次)?|组织(?:一次|一?个)?|开(?:个|一个|新)|开(?=团|展)|(?<!材|原|来|塑)料单|买|订(?!书)|团(?!结)|凑够?|够|拼|跟|求助|求借|急求|求|急缺|急需|缺少|还(?=[差缺剩要])|缺|已经?|安装|更换|需要|需|要|想要|想|借用|拆借|出借|借出|外借|借给|借|调剂|调拨|匀|挪|让出|提供|支援|共济|物资|物料|原料|富余|闲置|多余|剩下|剩余|剩|余(?!姚)|多出|多(?!功能|层|孔)|还有|有(?!机|色|线)|囤了?|压了|压着|存了|存着|加[我上]?|带我们?|来(?!料)|拿|装(?=[好了上])|换(?=[好了上])|只(?=剩|有|要|够)|报名|报(?!纸|警|表)|认购|原来|急用|差(?!速)|屯|登记|发布|的(?!确)|了|大概|大约|约|差不多|一共|总共|共|先(?!锋)|再(?!生)|能不能|能(?!源)|可以|可(?!乐)|把(?!手)|将|这批|那批|一批|一份|用的|数量|给(?!水)|出(?!水|风|口)|上(?!海|衣|光)|哪家|从|向(?!日葵)|问|改成|改为|应该是|应该|是|不是|和(?!面)|跟|就|换成|参(?!考|数)`,
  'gu',
);
const LEAD = /^(?:半|个(?!人|体|性)|\s|的|左右|多|[点些](?!焊|胶|火|心)|那[个批种]|这[个批种])+/u;
/** What is said of goods that are missing or lie about. */
const TAIL =
  /(?:还差|差|不够|闲着|闲置着|搁着|放着|堆着|见底|断货|告急|现在|目前|如今|最近|单价|报价|价格|涨价|坏|断|只|交|送到?|满|用完|的|还)$/u;
const NOT_ITEM =
  /^(?:个|份|家|一|货|东西|物资|物料|原料|材料|原材料|人|单|团购?|这|那|它|急用|一[点些批]|点|些|几|用|来|上|去|做|数量?|一下|好|吧|起订?|起[售卖团拼送批]|[开成参跟]团|包邮|量大|价格|首批|第一批|头一批|计划|目标|总量|预计|暂定|合计|搞个|开个|弄个|红色|各家|一家|上次|这次|下次|厂家|商家|厂商|老板|客户|同行|供应商|企业|订单|产线|流水线|生产线|大家|兄弟|电话|消息|事情?|问题|初步|至少|每[家天月年人].*|几家.*|.*大家.*|便宜|一个|带上|报名|接龙|支持|余量|存货|库存|现货|备用|新建|工人|员工|职工|大?学生|毕业生|实习生|人手|人员|师傅|司机|.*工|.*登记|.*费|.*(?:体检|培训|讲座|保险|活动|服务)|.*号[为是]?)$/u;
/** Words between goods and their count that are no goods: verbs, pronouns, what ends a sentence. */
const NO_GOODS_IN =
  /[我你您他她它谁咱俺们这那哪么吗吧呢啊呀了着过很太都也才没把被让替对因所但如等最更又说讲问会请帮在到去做缺急晚姓]|不(?!锈|干)|多少|少钱|月底|今天|明天|合伙|谈价|牵头|建议|听说|终于|已经|马上|好像|帮忙/u;
/** Goods of the trades here, where a sentence gives them away only by their name. */
const KNOWN =
  /(?:塑料|镀锌|冷轧|热轧|劳保|防滑|一次性|医用|尼龙|硅|防护|安全|办公|打印|包装|快递|工业|液压|焊接?|漆包|电解)?(?:铜棒|铜线|铜材|铜管|铝锭|铝材|钢板|钢管|钢材|角铁|铁皮|(?:201|304|316L?|430)?不锈钢[板管]|塑料粒子|树脂|轴承|镜片|镜架|皮料|皮革|面料|布料|纸板|纸箱|打印纸|复印纸|安全帽|螺丝|螺母|螺栓|胶水|油漆|阀体毛坯|阀体|毛坯|模具|手套|口罩|安全鞋|劳保鞋|工作服|防护服|雨衣|用纸|A4纸|电缆|电线|柴油|机油|润滑油|切削液|焊条|焊丝|密封圈|垫片|鞋底(?:模具)?|拉链|酒精|消毒液|灭火器|托盘|叉车|硅钢片|(?:PVC|ABS|EVA|TPU|TPR|PP|PE|PET|PC|PA66|POM)(?:塑料|树脂)?(?:粒子|颗粒|原料|料|管材|管|板|膜)?)/iu;
const BUY =
  /(?:统一|集中|联合|一起|一块儿?|拼团|合伙)?(?:采购|订购|购买|团购|集采|买|订(?!货|单)|进(?!博|度|展)|借[出用到]?|缺|调剂|急需)(?:一?(?:批|些|点)|几\p{Script=Han}|[台把套](?=\p{Script=Han}{3})|[个辆副](?=\p{Script=Han}{2}))?(?<item>[\p{L}\p{N}]{2,12})/u;

/** 防暑药那个团, 防暑药想联合几家统一买, 开新团,灭火器, 包装膜涨价: the goods a purchase is spoken of by. */
const TOPIC: readonly RegExp[] = [
  /(?<item>[\p{Script=Han}A-Za-z\d]{2,14})(?:那个|这个|的|那)团(?!结|队|支|委|员|建)/u,
  /(?<item>[\p{Script=Han}A-Za-z\d]{2,14})(?:团购|跟团|参团|入团|接龙|拼单|(?:集中|统一|联合|批量|集体)(?:采购|购买|进货|订购))/u,
  /(?<item>[\p{Script=Han}A-Za-z\d]{2,10})(?<!集|社|财|剧|跟|参|拼|开|成|组|入|新|乐|个|的|这|那|起|满|够)团(?=$|[+\s,，。!！]|再|加|我|还|跟|算|已|截)/u,
  /(?<item>[\p{Script=Han}A-Za-z\d]{2,10})[\s,，]*(?:搞|发起|组织|开|弄|拉|建|来)(?:一?个|一次|一波)?(?:红色)?(?:团购|拼团|拼单|团(?!结|队|建))/u,
  /开(?:个|一个)?新?团[,，:： ]+(?<item>\p{Script=Han}{2,6})/u,
  /^(?<item>\p{Script=Han}{2,5}?)(?:想|要|打算|准备)?(?:联合|一起|合伙|统一)\p{Script=Han}*[买购采订进]/u,
  /^(?<item>\p{Script=Han}{2,4}?)(?:又|一直)?(?:涨价|涨得|太贵)/u,
];

/** What may follow the name of goods: 轴承6205. */
const CODE = /^[\dA-Za-z.#×*-]*$/u;

function named(words: string | undefined): string | undefined {
  const item = (words ?? '').replace(LEAD, '').replace(TAIL, '').trim();
  if (/^[铜铝钢铁锌锡胶布]$/u.test(item)) return item;
  return item.length >= 2 && item.length <= 14 && /\p{L}/u.test(item) && !NOT_ITEM.test(item) ? item : undefined;
}

function beside(words: string | undefined): string | undefined {
  const item = named(words);
  return item !== undefined && !NO_GOODS_IN.test(item) ? item : undefined;
}

/** Further from the count only what can hardly be anything but goods. */
function surely(words: string): string | undefined {
  const item = beside(words);
  return item !== undefined && item.length <= 8 ? item : undefined;
}

/** 吨, 箱: the words are a unit and nothing else. */
export function readUnit(text: string): string | undefined {
  const [, unit = ''] = new RegExp(`^\\s?(${UNITS})\\s?(?=$|[,，。;；!！吧])`, 'iu').exec(narrow(text)) ?? [];
  return unit === '' ? undefined : asWritten(unit);
}

/** The goods spoken of: beside their count or price (where it begins), else a name that is known, else the object of buying or lending. */
export function readItem(text: string, count: Found<Quantity> | undefined, price?: number): string | undefined {
  const line = narrow(text);
  const known = KNOWN.exec(line)?.[0];
  const until = (end: number) =>
    line
      .slice(Math.max(0, end - 24), end)
      .replace(/[\s,，:：]+$/u, '')
      .split(BEFORE);
  if (count) {
    const behind = line.slice(count.end);
    const follows = beside(behind.replace(LEAD, '').split(AFTER, 1)[0]);
    if (follows && !/^\s/u.test(behind)) return follows;
    // 轴承搁着落灰,哪家先拉走,一千只: what stands before the comma need not be the goods.
    if (known && /[,，]\s*$/u.test(line.slice(0, count.start))) return known;
    const pieces = until(count.start);
    const before =
      beside(pieces.at(-1)) ??
      named(
        pieces.findLast((piece) => known !== undefined && piece.includes(known) && CODE.test(piece.split(known).at(-1) ?? '')),
      );
    if (before ?? follows) return before ?? follows;
  }
  if (known) return known;
  const apart = count ? blank(line, [count]) : line;
  const topics = TOPIC.map((pattern) =>
    named(
      pattern
        .exec(apart)
        ?.groups?.['item']?.split(BEFORE)
        .findLast((piece) => named(piece) !== undefined),
    ),
  );
  const topic = topics.find((item) => item !== undefined && !NO_GOODS_IN.test(item));
  if (topic) return topic;
  const told = count && until(count.start).findLast((piece) => surely(piece) !== undefined);
  if (told !== undefined) return surely(told);
  const bought = beside(BUY.exec(apart)?.groups?.['item']?.split(AFTER, 1)[0]);
  if (bought) return bought;
  return price === undefined ? undefined : surely(until(price).at(-1) ?? '');
}

const JOBS =
  '普工|焊工|电焊工|氩弧焊工|操作工|电工|缝纫工|车缝工|包装工|搬运工|装卸工|女工|数控技工|数控工|技工|钳工|车工|铣工|磨工|冲压工|注塑工|质检员|质检|检验员|仓管员?|(?:叉车|货车|大货车|卡车|客车|班车|铲车|挂车|装载机)司机|叉车工|司机|保安|保洁|模具工|装配工|抛光工|裁剪工|针车工|维修工|油漆工|喷漆工|流水线工|流水线工人|文员|会计|厨师|CNC操作工|CNC|学徒|小工|杂工|临时工|零工|暑期工|外贸员|业务员|跟单员|驾驶员|统计员|保管员|收银员|营业员|服务员|化验员|检测员|绘图员|程序员|报关员|采购员|安全员|客服|出纳|翻译|设计师|工程师|主播|安装工|打磨工|电镀工|挡车工|机修工?|数控';
/** Beside the trades of the list any 「…工」 that is counted or asked for. */
const LISTED = new RegExp(JOBS, 'u');
const JOB = new RegExp(
  `(?<=[个名位些缺借招求找要\\d十])(?![个名位员职])(?:\\p{Script=Han}(?<!员|职|民|用|招|务|开|复|停|手|分|加|施|化|竣|打|新|老|社|女|男)|[^个名位员职]\\p{Script=Han}(?<!员|职|民|用|招))工(?![人厂资作会业程伤地具艺商种期友龄序])`,
  'u',
);
/** 裁断工11人, 磨片工缺五位 */
const WANTED =
  /(?<=^|[^\p{Script=Han}]|富余|闲置|多余|空闲|有|的|出)\p{Script=Han}{1,2}(?<!员|职|民|用|招|务|开|复|停|手|分|加|施|化|竣|打|新|老|社|女|男|返|完|赶|罢|人|义|点|建)工(?=\s?(?:\d|[一二两三四五六七八九十几]+[个名位人]|缺|少(?!数)|不够|叫不|找不|招不|有没有|有空))/u;
const HEADS =
  /\s?(?:(?:个|名|位|号|口)?\s?(?:人(?!民|次|均|口|造|棉)|员工|工人|职工|党员|师傅|女工|男工|焊工|普工|电工|技工|学徒|老师傅|老党员|志愿者|大学生|毕业生|实习生|同志|家属|\p{Script=Han}{1,3}工(?![资作会厂程具]))|名(?!单|义|额公)|位(?!置|于))/uy;
const ME =
  /(?:算|加|带)(?:上)?我(?:们)?(?:一个|一位|一名)|(?:算|报|加)我(?:一个|1个|一人)|我(?:一个人|一人)(?:报名|参加|去)|(?:算|带|加)上?我(?=$|[,，。!！\s])/u;
const SEATS = /\s?个(?!月|小时|钟头|星期|礼拜|问题|活动|单|需求|工作日)/uy;

/** Heads for work, trips and activities. `loose` takes a bare 个 (报3个) as well. */
export function findHeads(text: string, loose = false): Found<number>[] {
  const line = narrow(text);
  const counted = findNumbers(line).flatMap((number): (Found<number> & { people: boolean })[] => {
    const { value, start } = number;
    if (value.kind !== 'exact' || value.value <= 0n || value.value % 100_000_000n !== 0n || line[start - 1] === '第') return [];
    const pairs = /^[俩仨](?![箱吨桶]|小?孩)/u.test(line.slice(start, number.end + 2));
    const people = match(HEADS, line, number.end);
    const unit = people ?? (loose ? match(SEATS, line, number.end) : undefined);
    const whole = line.slice(start, number.end + (unit?.[0].length ?? 0));
    const someone = !loose && /^一(?:个|位|名|女工|男工|工人|员工|职工|党员|师傅|老)/u.test(whole);
    if ((!unit && !pairs) || someone || /每$|钱\s?$/u.test(line.slice(0, start))) return [];
    return [
      { value: toNumber(value.value), start, end: number.end + (unit?.[0].length ?? 0), people: people !== undefined || pairs },
    ];
  });
  if (counted.length > 0) return counted.some(({ people }) => people) ? counted.filter(({ people }) => people) : counted;
  const me = loose ? ME.exec(line) : null;
  return me ? [{ value: 1, start: me.index, end: me.index + me[0].length }] : [];
}

export function readJob(text: string): string | undefined {
  const line = narrow(text);
  return (LISTED.exec(line) ?? JOB.exec(line) ?? WANTED.exec(line))?.[0];
}
