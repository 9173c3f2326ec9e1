export type { AfpayDeps, LocalFlags, LocalParts, LocalPay, LocalSettings } from './afpay-deps.js';
export type { DoctorCheck } from './format/own-output.js';
export { localParts } from './local/local-parts.js';
export { runAfpay } from './run-afpay.js';
