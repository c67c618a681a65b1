/** Sizes of the chaos runs (decision 31; design/bars.md, Reliability). */
export const CI = { messages: 2_000, kills: 10, rounds: 500 };
export const FULL = { messages: 10_000, kills: 50, rounds: 5_000 };
