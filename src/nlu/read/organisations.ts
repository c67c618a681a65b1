/** 组织 and 人 against a roster: by name, short name, sound or one wrong character; two that fit are asked. */
import { sound, soundOf } from '../pinyin.ts';
import { isWord } from './dictionary.ts';
import { BLANK, every, narrow, type Found } from './span.ts';

/** More than one fits: a person has to choose. */
export type Fit = { readonly names: readonly string[]; readonly sure: boolean };

const PARTY = /(?:综合|联合|机关|第[一二三四五六七八九十]+)?(?:党委|党总支|总支部?|党支部|支部|党组|委员会|党组织)$/u;
const FORM = /(?:(?:有限责任|股份有限|集团有限|集团股份有限|有限)?公司|集团|股份|控股|有限|实业|总厂|分厂|厂|党建)$/u;
const COMPANY = /(?:股份|集团)?(?:有限责任|有限)?公司$/u;
const LINE = /(?:科技|制造|工业|贸易|发展)$/u;
const PLACES =
  /^(?:浙江省?|温州市?|鹿城区?|龙湾区?|瓯海区?|洞头区?|乐清市?|瑞安市?|龙港市?|永嘉县?|平阳县?|苍南县?|文成县?|泰顺县?|柳市镇?|空港新区|空港|经开区|瓯江口?|瓯北|状元|北白象|虹桥|塘下|鳌江|滨海|高新区)/u;
/** A trade is nobody's name, even with 厂 after it. */
const TRADE =
  /^(?:电气|电器|电子|机械|阀门|泵业|泵阀|眼镜|皮革|鞋业|鞋革|物流|服装|服饰|纺织|塑料|包装|印刷|汽配|五金|不锈钢|食品|化工|建材|科技)/u;
/** A word of everyday is a name only where somebody's things or deeds are told of it. */
const COMMON = /^(?:蓝天|阳光|光明|东方|时代|创新|红旗|长城|和平|希望|未来)$/u;
/** 列车飞驰而过: no name either. */
const FIGURE = /(?:一路|高速|飞快|[列货快客汽]车)\p{Script=Han}{2}$|\p{Script=Han}{2}而[过去来]$/u;
const GENERIC: readonly (readonly [words: string, kind: RegExp])[] = [
  ['联盟', /联盟/u],
  ['街道', /街道/u],
  ['企业社区', /企业社区/u],
  ['行业协会|协会', /协会/u],
  ['商会', /商会/u],
];
/** What an own name can't be: 状元街道 has only its place. */
const KIND = /^(?:街道|企业社区|社区|园区|工业园|协会|商会|行业协会|镇|乡)$/u;
const OF_ANY = /(?:哪个|哪些|各个?|每个|几个|别的|其他|其它|隔壁|所有|各镇|多个|什么|外地|等)(?:镇)?$/u;
const OWN =
  /^(?:公司|厂|集团|党委|党总支|总支|党支部|支部|股份|企业|他们|那边|那家|那笔|的?(?:书记|老板|员工|职工|工人|党员|车间|仓库|申请|公示|需求|单子|账|余额|公积金))/u;
/** What only somebody does: 蓝天缺6个司机. */
const DOES = /^(?:也|要|想|又|还|今年)?(?:缺\p{N}?|借|认领|预存|存|捐|赞助|申请|跟团|参团|报名|报\d|多出|富余)/u;
/** Where a clause begins, or the words before a name. */
const HEAD = new RegExp(`(?:^|[^\\p{Script=Han}]|${BLANK}|我们|咱们?|我是|这里是|代表|帮|替|给|由|让|请|跟|和|把)$`, 'u');

type Entry = {
  readonly name: string;
  /** What the name is after its legal and its Party form. */
  readonly core: string;
  readonly place: string;
  readonly brand: string;
  readonly trade: string;
};

function entry(name: string): Entry {
  const strip = (text: string, pattern: RegExp): string => {
    const shorter = text.replace(pattern, '');
    return shorter === text || [...shorter].length < 2 ? text : strip(shorter, pattern);
  };
  const whole = name.replace(/联盟$/u, '');
  const core = strip(strip(strip(whole, PARTY), FORM), LINE);
  const place = PLACES.exec(core)?.[0] ?? '';
  const own = core.length - place.length >= 2 ? core.slice(place.length) : core;
  const split = KIND.test(own) || TRADE.test(own) ? 0 : own.length >= 4 ? 2 : own.length;
  return { name, core, place: own === core ? '' : place, brand: own.slice(0, split), trade: own.slice(split) };
}

/** Ways to say a name that are enough by themselves. */
function aliases({ name, core, place, brand, trade }: Entry): string[] {
  const trades = trade === '' ? [] : [...new Set([trade, ...(KIND.test(trade) ? [] : [trade.slice(0, 2)]), trade.slice(-2)])];
  const further = LINE.exec(name.replace(PARTY, '').replace(COMPANY, ''))?.[0];
  const kind = name.endsWith('联盟') ? ['联盟'] : [];
  const party = KIND.test(trade) || KIND.test(core.slice(place.length)) ? (PARTY.exec(name)?.[0] ?? '') : '';
  const made = [
    name,
    name.replace(PARTY, ''),
    name.replace(PARTY, '').replace(FORM, ''),
    core,
    ...(further ? [`${place.slice(0, 2) || brand}${further}`] : []),
    `${place}${brand}`,
    ...(party && place ? [`${place.slice(0, 2)}${party}`] : []),
    ...trades.flatMap((one) => [...(brand ? [`${brand}${one}`] : []), ...(place ? [`${place.slice(0, 2)}${one}`] : [])]),
    ...kind.flatMap((one) => [`${place || core.slice(0, 2)}${one}`, `${core}${one}`]),
  ];
  const alone = new RegExp(`${PLACES.source}$`, 'u');
  return [...new Set(made)].filter((one) => one.length >= 3 && !alone.test(one) && !(one.endsWith('产业链') && kind.length > 0));
}

/** One character off, from five characters on. */
function alike(said: string, alias: string): boolean {
  return alias.length >= 5 && [...alias].filter((character, i) => said[i] !== character).length <= 1;
}

type Alias = { readonly text: string; readonly sounds: string; readonly entry: Entry };
type Roster = {
  readonly entries: readonly Entry[];
  readonly aliases: readonly Alias[];
  /** Aliases by their first sound (0恒) and their second, since either may be the wrong one. */
  readonly heard: ReadonlyMap<string, readonly Alias[]>;
};
const rosters = new WeakMap<readonly string[], Roster>();

function prepared(roster: readonly string[]): Roster {
  const seen = rosters.get(roster);
  if (seen) return seen;
  const entries = roster.map(entry);
  const written = entries.flatMap((one) => aliases(one).map((text) => ({ text, sounds: soundOf(text), entry: one })));
  const brands = entries.flatMap((one) =>
    one.brand.length < 2 ? [] : [{ text: one.brand, sounds: soundOf(one.brand), entry: one }],
  );
  const heard = new Map<string, Alias[]>();
  for (const alias of [...written.filter(({ text }) => text.length >= 4), ...brands]) {
    const [first = '', second = ''] = alias.sounds.split(' ');
    for (const key of [`0${first}`, `1${second}`]) heard.set(key, [...(heard.get(key) ?? []), alias]);
  }
  const made = { entries, aliases: written, heard };
  rosters.set(roster, made);
  return made;
}

/** Names of the roster in the text. `sure` when one alone fits; else all that fit, to be asked. */
export function findOrganisations(text: string, roster: readonly string[]): Found<Fit>[] {
  const line = narrow(text);
  const known = prepared(roster);
  const found = [...exactly(line, known), ...byBrand(line, known), ...bySound(line, known)];
  const kept = found
    .toSorted((a, b) => b.end - b.start - (a.end - a.start))
    .reduce<Found<Fit>[]>((all, one) => {
      if (all.every(({ start, end }) => one.end <= start || one.start >= end)) all.push(one);
      return all;
    }, []);
  return (kept.length > 0 ? kept : generic(line, roster)).toSorted((a, b) => a.start - b.start);
}

const fit = (names: readonly string[]): Fit => ({ names: [...new Set(names)], sure: new Set(names).size === 1 });

function exactly(line: string, { aliases: all }: Roster): Found<Fit>[] {
  const spans = new Map<string, Found<string[]>>();
  for (const {
    text,
    entry: { name },
  } of all) {
    for (let start = line.indexOf(text); start >= 0; start = line.indexOf(text, start + text.length)) {
      const key = `${start}-${text.length}`;
      const names = [...(spans.get(key)?.value ?? []), name];
      spans.set(key, { value: names, start, end: start + text.length });
    }
  }
  return [...spans.values()].map((one) => ({ ...one, value: fit(one.value) }));
}

/** 恒通, 正泰: the own part of the name alone, unless it is a word for a place or a trade; what follows may tell two apart. */
function byBrand(line: string, { entries }: Roster): Found<Fit>[] {
  const spoken = new Set(entries.map(({ brand }) => brand).filter((brand) => brand.length >= 2 && line.includes(brand)));
  return [...spoken].flatMap((brand) => {
    const same = entries.filter((one) => one.brand === brand);
    const place = PLACES.exec(brand)?.[0] === brand;
    const common = COMMON.test(brand) || place;
    if (common && same.every((one) => one.place === '' && one.trade === '')) return [];
    return every(line, new RegExp(escape(brand), 'gu'), ({ index }) => {
      const [before, after] = [line.slice(0, index), line.slice(index + brand.length)];
      if (place || FIGURE.test(`${before.slice(-4)}${brand}`) || FIGURE.test(`${brand}${after.slice(0, 2)}`)) return undefined;
      if (common && !OWN.test(after) && !(HEAD.test(before) && DOES.test(after))) return undefined;
      // 说明视频 has no 明视 in it.
      if (isWord(`${before.slice(-1)}${brand.slice(0, 1)}`) && isWord(`${brand.slice(-1)}${after.slice(0, 1)}`)) return undefined;
      const rest = line.slice(index + brand.length, index + brand.length + 6);
      const told = same.filter(({ trade }) => trade !== '' && rest.startsWith(trade.slice(0, 1)) && !rest.startsWith('机关'));
      const names = (told.length > 0 ? told : same).map(({ name }) => name);
      const other = told.length === 0 && TRADE.test(rest);
      const matches = other && same.some(({ name }) => name.includes(rest.slice(0, 2)));
      return { names, sure: names.length === 1 && (!other || matches) };
    });
  });
}

/** Homophones and one wrong character, for ways of saying it that are long enough; a short name needs 公司, 厂, 支部 after it. */
function bySound(line: string, { entries, heard }: Roster): Found<Fit>[] {
  const pieces = line.split('').map(sound);
  return pieces.flatMap((piece, start) => {
    const near = new Set([...(heard.get(`0${piece}`) ?? []), ...(heard.get(`1${pieces[start + 1] ?? ''}`) ?? [])]);
    return [...near].flatMap(({ text, sounds: wanted, entry: { name, brand } }): Found<Fit>[] => {
      const end = start + text.length;
      const said = line.slice(start, end);
      if (said === text || !/^\p{Script=Han}+$/u.test(said)) return [];
      if (pieces.slice(start, end).join(' ') !== wanted && !alike(said, text)) return [];
      if (text !== brand) return [{ value: fit([name]), start, end }];
      const called = /^(?:公司|厂|集团|党委|党总支|党支部|支部|股份)/u.test(line.slice(end, end + 3));
      if (!called || COMMON.test(brand) || PLACES.test(brand) || said === '名师') return [];
      return [{ value: fit(entries.filter((one) => one.brand === brand).map((one) => one.name)), start, end }];
    });
  });
}

/** 联盟, 街道: only where the roster has exactly one, and the words mean that one. */
function generic(line: string, roster: readonly string[]): Found<Fit>[] {
  return GENERIC.flatMap(([words, kind]) => {
    const [only, ...more] = roster.filter((name) => kind.test(name));
    if (only === undefined || more.length > 0) return [];
    return every(line, new RegExp(words, 'gu'), ({ index }) => {
      const before = line.slice(Math.max(0, index - 4), index);
      return OF_ANY.test(before) ||
        (/\p{Script=Han}$/u.test(before) &&
          !/(?:我们|咱们?|本|让|由|和|以|向|把|给|请|叫|跟|代表|建议|全|以|在|帮|是|到|对|的|从|能不能|想请|问问|希望|通知|报|找)$/u.test(
            before,
          ))
        ? undefined
        : { names: [only], sure: true };
    });
  });
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

const TITLE =
  '(?:总|工|经理|主任|书记|会计|老板|厂长|主席|科长|部长|队长|组长|师傅|老师|医生|秘书|干事|女士|先生|小姐|阿姨|大姐|大哥)';
const SURNAMES =
  '欧阳|上官|诸葛|司马|赵|钱|孙|李|周|吴|郑|王|冯|陈|褚|卫|蒋|沈|韩|杨|朱|秦|许|何|吕|施|张|孔|曹|严|华|金|魏|陶|姜|谢|邹|章|苏|潘|葛|范|彭|郎|鲁|韦|马|苗|方|俞|任|袁|柳|鲍|史|唐|费|薛|雷|贺|倪|汤|罗|毕|郝|安|常|于|傅|齐|康|伍|余|顾|孟|黄|穆|萧|尹|姚|邵|汪|毛|戴|宋|熊|纪|舒|屈|项|祝|董|梁|杜|阮|蓝|季|麻|贾|江|童|颜|郭|梅|林|钟|徐|邱|骆|高|夏|蔡|田|樊|胡|凌|霍|虞|万|柯|卢|莫|缪|丁|邓|洪|包|石|崔|龚|程|陆|翁|叶|白|池|连|木|南|厉|诸|应|刘|曾|廖|黎|谭|侯|龙|温|尤|娄|殷|聂|欧|邢|甘|耿|裘|楼|卓|詹|阎|闫|岳|瞿|覃|祁|郏|谷|戚|仇|桑|涂|尚|武|易|盛|游|管|辛|兰';
const NAME = `(?:${SURNAMES})\\p{Script=Han}{1,2}`;
/** What follows a name that was announced. */
const GOES_ON =
  '(?=$|[^\\p{Script=Han}]|的|说|电话|手机|反映|报名|参加|来|想|问|在|是|要|自愿|愿意|认领|申请|捐|打|致电|先生|女士|书记|经理|主任|师傅|负责|带队|已|现|将|接|和)';
const CUED = new RegExp(
  `(?:联系人|姓名|名字|来电人|报名人|经办人|负责人|对接人|申请人|捐款人|领队|带队的?|报名(?=[:：])|我叫|[名个]叫|叫做|自称|有个叫|本人|我是(?!\\p{Script=Han}{2,3}的))(?:是|叫|为|换成|改成|改为)?[:： ]{0,2}(?<cued>${NAME}?)${GOES_ON}`,
  'gu',
);
const BESIDE_PHONE = new RegExp(
  `(?<=^|[^\\p{Script=Han}\\d]|找|请|给|打|是|叫|联系)(?<!□)(?<beside>${NAME}?)(?=[:：,， ]{0,2}(?:电话|手机|联系电话)?[:：是 ]{0,2}□)`,
  'gu',
);
/** 群众李秀兰来电, 许建平带队 */
const DOING = new RegExp(
  `(?<=^|[^\\p{Script=Han}]|由|请|是|群众|市民|居民|职工|员工|党员|工人|村民|业主|企业|同志|的)(?<doing>${NAME}?)(?=刚?(?:来电|致电|打电话|打来|打进|反映|带队|领队|牵头|代表|报名)|同志)`,
  'gu',
);
/** 我是支部的金晓东 */
const ME = new RegExp(
  `我是[^\\s,，。;；!！]{1,12}?(?:的|员工|职工|党员|工人|书记|会计|厂长|老板|文员|人事|经理|主任)(?<me>${NAME})(?=$|[^\\p{Script=Han}])`,
  'gu',
);
/** 高新区, 林业局: a place or an office. 安全员: a trade. 周三: a day. */
const NO_NAME =
  /^周[一二三四五六日天末]|[了把的是在要吗吧啊呢我你他这那不就去来该]|[区县市镇乡村街路厂局院部处科厅委会园站馆工员长师商户]$/u;

/** Names without a list to look in: after 联系人, 我叫 and the like, before 来电, or beside a phone that was blanked. Titles are no names. */
export function findNames(text: string): Found<string>[] {
  const line = narrow(text);
  const named = (group: string) => (found: RegExpExecArray) => {
    const name = found.groups?.[group] ?? '';
    // Some full names are in the dictionary too.
    return (isWord(name) && !(group === 'cued' && name.length > 2)) ||
      NO_NAME.test(name) ||
      new RegExp(`^(?:${SURNAMES})${TITLE}`, 'u').test(name)
      ? undefined
      : name;
  };
  return [
    ...every(line, CUED, named('cued')),
    ...every(line, BESIDE_PHONE, named('beside')),
    ...every(line, ME, named('me')),
    ...every(line, DOING, named('doing')),
  ];
}

/** People of a list by full name, or by surname and title (王书记) when one alone has it. */
export function findPeople(text: string, people: readonly string[]): Found<Fit>[] {
  const line = narrow(text);
  const full = people.flatMap((name) =>
    every(line, new RegExp(escape(name), 'gu'), (): Fit => fit(people.filter((one) => one === name))),
  );
  const titled = every(line, new RegExp(`(?<surname>${SURNAMES})(?=${TITLE})`, 'gu'), ({ groups }): Fit | undefined => {
    const names = people.filter((name) => name.startsWith(groups?.['surname'] ?? ' '));
    return names.length === 0 ? undefined : { names, sure: names.length === 1 };
  });
  return [...full, ...titled.filter(({ start, end }) => full.every((one) => end <= one.start || start >= one.end))].toSorted(
    (a, b) => a.start - b.start,
  );
}
