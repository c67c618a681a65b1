import { COUNTY_ROLES, holding } from '../../people/index.ts';

/** 党组织书记就可直接提出申请 (seed M4), and nobody else. */
export const secretary = holding(['PARTY_SECRETARY'], '公积金由党组织书记申请。您可以请所在党支部的书记来说。');
export const decides = holding(
  ['SUPERIOR_OFFICER', ...COUNTY_ROLES],
  '公积金申请由上级党组织审批。想知道办到哪了，请书记说“我的申请到哪了”。',
  { bySubject: true },
);
