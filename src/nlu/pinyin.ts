/** 拼音 without a dictionary: ICU sorts characters by reading, so the first character of each syllable bounds its run. */

const SYLLABLES = [
  'a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha',
  'chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun',
  'cuo da dai dan dang dao de deng di dia dian diao die ding diu dong dou du duan dui dun duo e en er fa fan fang fei fen',
  'feng fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei',
  'hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka',
  'kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian',
  'liang liao lie lin ling liu long lou lu lv luan lve lun luo ma mai man mang mao mei men meng mi mian miao mie min ming',
  'mo mou miu mu na nai nan nang nao ne nei nen neng ni nian niang niao nie ning niu nong nu nv nve nuo ou pa pai pan',
  'pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que',
  'qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen sha shai shan shang shao she',
  'shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te',
  'teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie',
  'xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yong you yu yuan yue yun za zai zan zang zao ze zei',
  'zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuan zhuang zhui zhun zhuo zi zong zou zu',
  'zuan zui zun zuo',
]
  .join(' ')
  .split(' ');

/** The first character of each syllable in the order of the collation, among the 6,763 of GB 2312. */
const FIRST = [
  ...[
    '吖哎安肮凹八掰扳邦勹卑奔崩逼边标憋玢冫拨卜擦猜参仓操册岑噌叉拆觇伥抄车抻柽吃充抽出揣巛疮吹春踔呲匆凑粗汆崔村搓哒呆丹当刀',
    '得灯氐嗲掂刁爹丁丢东都嘟端堆吨多婀恩儿发帆匚飞分丰缶夫旮该甘冈皋戈给根庚工勾估瓜乖关光归丨呙哈咳顸夯蒿诃黑痕亨轰侯乎花怀',
    '欢肓灰昏耠讥加戋江艽阶巾京冂纠居娟噘军咔开刊康尻苛肯吭空抠刳夸蒯宽匡亏坤扩垃来兰啷捞仂雷塄哩俩奁良撩咧拎伶溜龙娄噜驴娈掠',
    '抡罗妈埋颟邙猫没门虻咪宀喵咩民名摸哞缪牟拿乃囡囔孬疒馁恁能妮拈娘鸟捏宁妞农奴女疟挪讴趴拍潘乓抛呸喷怦丕偏剽氕姘乒钋剖仆七',
    '掐千呛悄且亲青邛丘区悛炔逡蚺禳娆惹人扔日戎柔如阮蕤闰若仨塞三桑搔色森杀筛山伤捎奢申升尸收书刷衰闩双水吮说厶忪嗖苏狻虽孙唆',
    '他胎坍汤涛忑疼剔天佻帖厅通偷凸湍推吞乇挖歪弯尢危温翁挝乌夕呷仙乡枭些心星凶休吁轩靴勋丫恹央幺掖一因应佣优纡鸢曰晕匝灾糌赃',
    '遭则贼怎增扎斋沾张钊蜇贞争之中州朱抓专妆隹肫拙孜宗邹租钻嘴尊嘬',
  ].join(''),
];

const ORDER = new Intl.Collator('zh-u-co-pinyin');
const known = new Map<string, string>();

/** The commonest reading without tone (ü as v); anything but a Chinese character reads as itself. */
export function syllable(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  const seen = known.get(character);
  if (seen !== undefined) return seen;
  let [low, high] = [0, FIRST.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ORDER.compare(FIRST[middle] ?? '', character) <= 0) low = middle;
    else high = middle - 1;
  }
  const found = SYLLABLES[low] ?? character;
  known.set(character, found);
  return found;
}

/** As it sounds in Wenzhou: flat and curled tongue, front and back nasals are one. */
export function sound(character: string): string {
  return syllable(character)
    .replace(/^([zcs])h/u, '$1')
    .replace(/ng$/u, 'n');
}

export function soundOf(words: string): string {
  return [...words].map(sound).join(' ');
}
