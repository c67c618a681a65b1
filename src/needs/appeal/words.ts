/** 申诉 against 退出: its nouns (rules.md row 56). */
export const RULING = { UPHELD: '维持退出', RESTORED: '恢复整改' } as const;
export type Ruling = keyof typeof RULING;
export const RULINGS = Object.keys(RULING) as readonly Ruling[];
