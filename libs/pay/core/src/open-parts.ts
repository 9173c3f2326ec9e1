import { about } from './control/about.js';
import type { Load } from './control/about.js';
import { explain } from './control/explain.js';
import { tidy } from './control/tidy.js';
import { historyRows } from './history/history-rows.js';
import { historyStatus } from './history/history-status.js';
import { listHistory } from './history/list-history.js';
import { updateHistory } from './history/update-history.js';
import { changeLimits } from './limit-inputs/change-limits.js';
import { listLimits } from './limit-inputs/list-limits.js';
import type { CoreDeps } from './pay-call.js';
import { payments } from './payments/payments.js';
import { priceUnpriced } from './payments/price-unpriced.js';
import { attend } from './receive/attend.js';
import { claim } from './receive/claim.js';
import { receiveRows } from './receive/receive-rows.js';
import { receive } from './receive/receive.js';
import { takeToken } from './receive/take-token.js';
import { receiveWaits } from './receive/waits.js';
import { watch } from './receive/watch.js';
import { requests } from './requests/requests.js';
import type { Handlers } from './stream-handle.js';
import { balances } from './wallets/balances.js';
import { closeWallet } from './wallets/close-wallet.js';
import { createWallet } from './wallets/create-wallet.js';
import { listWallets } from './wallets/list-wallets.js';
import { restoreWallet } from './wallets/restore-wallet.js';
import { showSeed } from './wallets/show-seed.js';
import { walletBook } from './wallets/wallet-book.js';
import { walletRoll } from './wallets/wallet-roll.js';
import { walletRows } from './wallets/wallet-rows.js';
import { walletSettings } from './wallets/wallet-settings.js';

/** The parts of the core, put together. */
export function openParts(deps: CoreDeps, load: Load) {
  const books = openBooks(deps);
  const waits = receiveWaits({ ...deps, ...books });
  const paying = payments(deps, books);
  const tidied = tidy(deps);
  const all = { ...deps, ...books, waits, paying, load };
  return {
    requests: books.requests,
    handlers: {
      ...walletHandlers(all),
      ...moneyHandlers(all),
      ...limitHandlers(all),
      ...aboutHandlers(all),
    } satisfies Handlers,
    explain: explain(all),
    reconcile: async (signal: AbortSignal) => {
      const rounds = await Promise.all([paying.reconcile(signal), waits.round(signal)]);
      await tidied(signal);
      return rounds.reduce((sum, { asked, open }) => ({ asked: sum.asked + asked, open: sum.open + open }));
    },
    close: async () => {
      await waits.close();
      await paying.idle();
    },
  };
}

function openBooks(deps: CoreDeps) {
  const { db, sealer } = deps;
  const walletTable = walletRows(db, sealer);
  const wallets = walletBook({ ...deps, rows: walletTable });
  const roll = walletRoll({ ...deps, rows: walletTable, wallets });
  const history = historyRows(db, sealer);
  return { walletTable, wallets, roll, history, rows: receiveRows(db), requests: requests(deps) };
}

function walletHandlers(all: All) {
  const own = { ...all, rows: all.walletTable };
  const settings = walletSettings(own);
  const create = createWallet(own);
  return {
    wallet_create: create,
    ln_wallet_create: create,
    wallet_close: closeWallet(own),
    wallet_list: listWallets(all.roll),
    balance: balances(own),
    restore: restoreWallet(all),
    local_wallet_show_seed: showSeed({ ...own, located: settings.located }),
    wallet_config_show: settings.show,
    wallet_config_set: settings.set,
    wallet_config_token_add: settings.addToken,
    wallet_config_token_remove: settings.removeToken,
    history: listHistory(own),
    history_status: historyStatus(all),
    history_update: updateHistory(all),
  };
}

function moneyHandlers(all: All) {
  const attended = { ...all, attend: attend(all) };
  return {
    receive: receive(attended),
    watch: watch(attended),
    receive_claim: claim(all),
    cashu_receive: takeToken(all),
    send: all.paying.send,
    cashu_send: all.paying.cashu_send,
    send_quote: all.paying.send_quote,
    payment_status: all.paying.payment_status,
    payment_resolve: all.paying.payment_resolve,
    approve: all.paying.approve,
    deny: all.paying.deny,
  };
}

function limitHandlers(all: All) {
  const limits = changeLimits({ ...all, priceUnpriced: (rule) => priceUnpriced(all, rule) });
  return {
    limit_add: limits.add,
    limit_remove: limits.remove,
    limit_set: limits.set,
    limit_list: listLimits({ ...all, rows: all.walletTable }),
  };
}

function aboutHandlers(all: All) {
  const { version, close, show, config } = about(all);
  return { version, close, config_show: show, config };
}

type All = CoreDeps &
  ReturnType<typeof openBooks> & {
    waits: ReturnType<typeof receiveWaits>;
    paying: ReturnType<typeof payments>;
    load: Load;
  };
