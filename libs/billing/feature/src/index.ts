export type { AccountBooks } from './account-books.js';
export type { AdminBook } from './admin-commands.js';
export { billing, BELL_MAX_RUN_MS } from './billing.js';
export type { Billing, BillingDeps } from './billing.js';
export type { CardBook } from './card-book.js';
export type {
  CardCharge,
  CardDesk,
  CardPayment,
  ChargeAnswer,
  CheckoutPage,
  GivenBack,
  NewCheckout,
  RefundAnswer,
} from './card-desk.js';
export type { CollectionBook } from './collection-book.js';
export type { DunningBook } from './dunning-book.js';
export type { CustomerDesk } from './ensure-customer.js';
export type { RefundBook } from './refund-book.js';
export { checkPayNodeWallet, payNodeWallet } from './pay-node-wallet.js';
export type { PayNodeWalletDeps } from './pay-node-wallet.js';
export { rates } from './rates.js';
export type { Rates } from './rates.js';
export { DEFAULT_RATE_SOURCES, rateUrl } from './rate-sources.js';
export { checkSystemWallet, nwcSystemWallet } from './system-wallet.js';
export type { SystemWallet } from './system-wallet.js';
export { resealWallets } from './reseal-wallets.js';
export type { WalletBoxes } from './reseal-wallets.js';
export { tenantWallets } from './tenant-wallets.js';
export type { TenantWallets } from './tenant-wallets.js';
export { upkeep } from './upkeep.js';
