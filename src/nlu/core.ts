/** The 30 matters the router knows, whether or not a module carries them out yet: how people call them, and where to go meanwhile. */

/**
 * `isWant`: something that is lacking, so that the needs library takes it meanwhile. `oneself`: what the same words mean from
 * somebody who does not do this for others.
 */
type Core = { readonly title: string; readonly meanwhile?: string; readonly isWant?: true; readonly oneself?: string };

const ALLIANCE = '请先在联盟群里说一声，或找联盟秘书长。';
const COMMUNITY = '请先找企业社区的社工，或到政务、助企、综治三个中心的窗口。';

/** What takes any trouble, whatever else it may be. */
export const CATCH_ALL = 'need.create';

export const CORE: Readonly<Record<string, Core>> = {
  'need.create': { title: '报需求' },
  'need.query': { title: '看需求' },
  'need.claim': { title: '认领需求' },
  'need.claim_collective': { title: '集体认领' },
  'need.progress': { title: '汇报进展' },
  'need.rate': { title: '评价' },
  'fund.balance': { title: '查公积金' },
  'fund.deposit': { title: '公积金预存' },
  'fund.apply': { title: '申请公积金' },
  'approval.approve': { title: '审批通过' },
  'approval.reject': { title: '审批退回' },
  'notice.view': { title: '看公示' },
  'notice.object': { title: '提异议' },
  'groupbuy.create': { title: '发起团购' },
  'groupbuy.join': { title: '参加团购' },
  'worker.request': { title: '求借员工', meanwhile: ALLIANCE, isWant: true },
  'worker.offer': { title: '提供富余员工', meanwhile: ALLIANCE },
  'material.borrow': { title: '借原材料', meanwhile: ALLIANCE, isWant: true },
  'material.lend': { title: '借出原材料', meanwhile: ALLIANCE },
  'finance.ask': { title: '问贷款', meanwhile: '贷款产品请先问银行的客户经理，或找联盟秘书长对接。' },
  'policy.ask': { title: '问政策', meanwhile: '政策请先问助企服务中心，或看当地政府网站的惠企专栏。' },
  'market.trip': { title: '参展考察', meanwhile: ALLIANCE, isWant: true },
  'service.request': { title: '找企业社区', meanwhile: COMMUNITY, isWant: true },
  'activity.signup': { title: '报名活动', meanwhile: '活动请先找组织活动的党支部报名。' },
  'hotline.relay': { title: '来电登记', oneself: CATCH_ALL },
  'stats.query': {
    title: '看统计',
    meanwhile: '需求库的数字说“需求数据”，公积金的说“公积金台账”，团购的说“团购成效”；别的统计请先找县级组织部门或两新工委。',
  },
  help: { title: '帮助' },
  'dialog.cancel': { title: '取消' },
  'dialog.correct': { title: '更正' },
  'dialog.confirm': { title: '确认' },
};
