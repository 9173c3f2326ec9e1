import { createHash, randomBytes } from 'node:crypto';

import { encodeBolt11 } from '@caravel/lightning';

/** A fresh invoice of an account, with its preimage, signed as the account's node. */
export function newWorldInvoice(request: InvoiceRequest, { payee, nodeSecret, nowS }: Payee): WorldInvoice {
  const { amountMsats, description = '', descriptionHash, expiryS = 3600 } = request;
  const preimage = randomBytes(32);
  const paymentHash = createHash('sha256').update(preimage).digest('hex');
  const bolt11 = encodeBolt11({
    network: 'bcrt',
    amountMsats,
    timestampS: nowS,
    expiryS,
    paymentHash,
    paymentSecret: randomBytes(32).toString('hex'),
    secretKey: nodeSecret,
    ...(descriptionHash === undefined ? { description } : { descriptionHash }),
  });
  return {
    ...request,
    payee,
    payer: null,
    bolt11,
    paymentHash,
    preimage: preimage.toString('hex'),
    createdAtS: nowS,
    expiresAtS: nowS + expiryS,
    settledAtS: null,
  };
}

interface Payee {
  payee: string;
  nodeSecret: string;
  nowS: number;
}

export interface InvoiceRequest {
  amountMsats: bigint;
  description?: string | undefined;
  descriptionHash?: string | undefined;
  expiryS?: number | undefined;
}

export interface WorldInvoice extends InvoiceRequest {
  /** Account names; `payer` is null while unpaid, and for payments from outside. */
  payee: string;
  payer: string | null;
  bolt11: string;
  paymentHash: string;
  preimage: string;
  createdAtS: number;
  expiresAtS: number;
  settledAtS: number | null;
}
