/** The organisations of the reading tests: those people are likely to confuse. */
export const ROSTER: readonly string[] = [
  '正泰集团股份有限公司党委',
  '恒通电器有限公司党支部',
  '恒通机械制造有限公司党支部',
  '瓯江阀门科技股份有限公司党总支',
  '永嘉宏泰泵业有限公司党支部',
  '鹿城明视眼镜有限公司党支部',
  '平阳华丰皮革有限公司党支部',
  '龙湾飞驰鞋业有限公司党总支',
  '蓝天物流有限公司党支部',
  '空港新区企业社区党委',
  '状元街道综合党委',
  '电气产业链党建联盟',
];
