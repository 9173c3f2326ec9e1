export type { NotSent, Outcome, ProviderDebit, Sent, Unknown } from './outcome.js';
export type {
  AwaitedReceipt,
  Call,
  NetworkRecord,
  PaymentAsk,
  Provider,
  Quote,
  Receipt,
  ReceiveAsk,
  RequestKey,
  Restored,
} from './provider.js';
export type { NewWallet, ProviderWallet, ReceiveInfo } from './wallet.js';
