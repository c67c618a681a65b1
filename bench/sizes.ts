/** Sizes of the chaos runs (decision 31; design/bars.md, Reliability). */
export const CI = {
  bot: { messages: 2_000, kills: 10 },
  servers: { messages: 600, kills: 3 },
  outbox: { cards: 300, kills: 5 },
  race: { rounds: 500 },
  soak: { perSecond: 100, minutes: 1 },
};
export const FULL = {
  bot: { messages: 10_000, kills: 50 },
  servers: { messages: 10_000, kills: 10 },
  outbox: { cards: 1_500, kills: 15 },
  race: { rounds: 5_000 },
  soak: { perSecond: 100, minutes: 10 },
};
