/** What a browser keeps for us, sealed: nobody reads it, changes it or makes one. */
import type { Vault } from '../kernel/vault.ts';

/** `enter`: on the way to be recognised, with the `state` that must come back. `visit`: who it is. */
export type Ticket =
  | { readonly kind: 'enter'; readonly state: string; readonly page: string }
  | { readonly kind: 'visit'; readonly userId: string };

/** How long each is good for. */
export const TICKET_MS: Readonly<Record<Ticket['kind'], number>> = { enter: 5 * 60_000, visit: 30 * 60_000 };

type Sealed = Ticket & { readonly corp: string; readonly until: number };

/** As it stands in a cookie. */
export function sealTicket(vault: Vault, corp: string, ticket: Ticket, now: Date): string {
  const sealed: Sealed = { ...ticket, corp, until: now.getTime() + TICKET_MS[ticket.kind] };
  return encodeURIComponent(vault.seal(JSON.stringify(sealed)));
}

/** undefined when it is none of ours, of another kind or company, or over. */
export function openTicket<K extends Ticket['kind']>(
  vault: Vault,
  corp: string,
  kind: K,
  sealed: string,
  now: Date,
): Extract<Ticket, { kind: K }> | undefined {
  try {
    const ticket = JSON.parse(vault.open(decodeURIComponent(sealed))) as Sealed;
    const isGood = ticket.kind === kind && ticket.corp === corp && ticket.until > now.getTime();
    return isGood ? (ticket as Extract<Sealed, { kind: K }>) : undefined;
  } catch {
    return undefined;
  }
}
