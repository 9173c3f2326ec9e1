/** How a wallet answers, by weight. Each request draws one. */
export type Manner =
  | 'pays'
  | 'pays-and-answer-is-lost'
  | 'pays-late'
  | 'pays-and-says-it-failed'
  | 'holds'
  | 'fails'
  | 'hangs'
  | 'lies'
  | 'refuses'
  | 'is-unreachable'
  | 'breaks';

/** The same of a card at Stripe. */
export type CardManner =
  | 'pays'
  | 'pays-and-answer-is-lost'
  | 'arrives-late'
  | 'declines'
  | 'declines-and-answer-is-lost'
  | 'wants-3d-secure'
  | 'wants-confirmation'
  | 'is-slow'
  | 'never-arrives'
  | 'is-busy';

export type Temper = 'reliable' | 'moody' | 'broken';

/** What a tenant does. `pick` chooses among what there is then, so that a plan needs to know nothing of the past. */
export type TenantDeed =
  | { kind: 'join' }
  | { kind: 'create'; plan: string; upAfterS: number | null }
  | { kind: 'stop' | 'start'; pick: number }
  | { kind: 'change-plan'; pick: number; plan: string }
  | { kind: 'connect'; temper: Temper; balanceCents: number }
  | { kind: 'disconnect' }
  | { kind: 'refill'; cents: number }
  /** Opens the pay dialog of an open invoice and pays what it shows after a while, or never. */
  | { kind: 'pay'; pick: number; afterS: number | null; looks: boolean }
  /** Pays a bolt11 that was shown some time ago, whatever came of its invoice. */
  | { kind: 'pay-old'; pick: number }
  /** Saves a card at Stripe and comes back. */
  | { kind: 'save-card'; temper: Temper }
  | { kind: 'remove-card' }
  /** Opens a Checkout page for an open invoice and pays there after a while, or never. */
  | { kind: 'checkout'; pick: number; afterS: number | null; looks: boolean }
  /** An admin gives so many cents of credit, and then back to the tenant's cards; perhaps the command is sent again. */
  | { kind: 'refund'; cents: number; again: boolean }
  | { kind: 'look' };

/** What happens to the service and to what it needs. */
export type Weather =
  | { kind: 'crash'; points: number; restS: number }
  /** The key that wallets are sealed to is replaced. */
  | { kind: 'rotate-key' }
  | { kind: 'outage'; forS: number }
  | { kind: 'payee-silent'; forS: number }
  | { kind: 'payee-makes-none'; forS: number }
  | { kind: 'no-rate'; forS: number }
  | { kind: 'stripe-down'; forS: number };

/** One planned event. `id` is unique in a world and the same in every run: what a shrunk run leaves out is named by it. */
export type Deed = { id: string; atS: number; bellRings: boolean } & (
  ({ tenant: number } & TenantDeed) | ({ tenant: null } & Weather)
);
