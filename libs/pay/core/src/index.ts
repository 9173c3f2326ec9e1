export type { HistoryBook, KeptRecord, Requests, ServedWallet, WalletAsk, WalletBook } from './books.js';
export { openPay } from './open-pay.js';
export { LOCAL } from './pay-call.js';
export { priceUnpriced } from './payments/price-unpriced.js';
export type {
  ApprovalRule,
  Caller,
  CoreDeps,
  Downstream,
  ExplainedPay,
  Handle,
  Pay,
  PayCall,
  PaymentEvent,
  PayPolicy,
  Providers,
  Reply,
  RunningSettings,
} from './pay-call.js';
export { writeQr } from './receive/qr-file.js';
export { WALLET_ID } from './wallets/remote-wallets.js';
