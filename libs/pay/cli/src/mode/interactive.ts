import type { Input, Output } from '@caravel/pay-protocol';
import type { AfpayDeps } from '../afpay-deps.js';
import { commandsUnder } from '../command/all-commands.js';
import { logFilters } from '../command/config-commands.js';
import { parseLine, wordsOf } from '../command/parse-line.js';
import { completeLine } from '../interactive/complete-line.js';
import { confirmPayment } from '../interactive/confirm-payment.js';
import { historyFile } from '../interactive/history-file.js';
import { lineReader } from '../interactive/line-reader.js';
import type { LineReader } from '../interactive/line-reader.js';
import { qrText } from '../interactive/qr-text.js';
import { splitWords } from '../interactive/split-words.js';
import type { Target } from '../target/target.js';
import { UsageError } from '../usage-error.js';
import { formatOf } from './out.js';
import type { Out } from './out.js';
import { failedOutput, runCommand, workOf } from './run-command.js';

/**
 * A prompt: commands without `afpay`, and a few words to the session itself. Money leaves only after a yes. Ctrl-C ends what is
 * waited for, not what was paid; Ctrl-D and `quit` end the session. Resolves with 0.
 */
export async function interactive(run: InteractiveRun): Promise<number> {
  const history = historyFile(run.dataDir);
  const session: Session = { ...run, wallets: new Set(), active: undefined };
  const reader = lineReader({
    ...run.deps,
    complete: (line) => completeLine(line, [...session.wallets]),
    history: history.lines(),
  });
  const stop = () => {
    reader.close();
  };
  run.deps.signal.addEventListener('abort', stop, { once: true });
  await run.out.text('Type `help`, or Tab to see what fits. `quit` ends.\n');
  for (;;) {
    const line = await reader.next(session.active === undefined ? 'afpay> ' : `afpay(${session.active})> `);
    if (line === undefined || /^(?:quit|exit)$/.test(line.trim())) break;
    if (line.trim() === '') continue;
    history.add(line.trim());
    // What is wrong with one line ends no session.
    await doLine(line, session, reader).catch((error: unknown) => run.out.say(failedOutput(error)));
  }
  reader.close();
  return 0;
}

async function doLine(line: string, session: Session, reader: LineReader): Promise<void> {
  const words = splitWords(line);
  const [first = '', second] = words;
  if (first === 'help' || first === '?' || words.includes('--help')) return help(words, session.out);
  if (first === 'use') {
    session.active = second;
    return;
  }
  if (first === 'output') {
    setFormat(second, session.out);
    return;
  }
  const leaving = new AbortController();
  reader.onInterrupt(() => {
    leaving.abort();
  });
  try {
    if (first === 'log') await setLog(second, session, leaving.signal);
    else await doCommand(words, { session, reader, signal: leaving.signal });
  } finally {
    reader.onInterrupt(null);
  }
}

async function doCommand(words: readonly string[], { session, reader, signal }: Running): Promise<void> {
  const { out, target, deps } = session;
  const { command, ...line } = parseLine(withWallet(words, session.active));
  if (!command) throw new UsageError('no command', 'help');
  const said = line.globals.text('mode') ?? line.globals.text('rpc-endpoint') ?? line.globals.text('data-dir');
  if (said !== undefined) throw new UsageError('this session has its mode and its node', 'Start another one');
  const work = workOf({ command, ...line, newId: deps.newId });
  const isDryRun = session.isDryRun || line.globals.isOn('dry-run');
  const ask = (question: string) => reader.next(question);
  if (!isDryRun && 'code' in work && !(await confirmPayment(work, { target, out, ask, signal }))) {
    await out.text('Nothing was paid.\n');
    return;
  }
  const usual = out.format;
  out.format = formatOf(line.globals) ?? usual;
  try {
    await runCommand({ work, target, out: watchingOut(session, work), isDryRun, signal });
  } finally {
    out.format = usual;
  }
}

/** Says what is said, and more to a person: a code to scan, and the names that Tab completes. */
function watchingOut({ out, wallets, deps }: Session, work: Input | object): Out {
  return {
    ...out,
    say: async (output) => {
      await out.say(output);
      if ('wallet' in output && typeof output.wallet === 'string') wallets.add(output.wallet);
      if (output.code === 'wallet_list') for (const { id, label } of output.wallets) wallets.add(id).add(label ?? id);
      if (output.code !== 'receive_info') return;
      if (deps.stdout.isTTY === true) await out.text(qrText(output) ?? '');
      await out.text(claimHint(output, work));
    },
  };
}

/** A mint keeps what was paid until somebody takes it. */
function claimHint(output: Extract<Output, { code: 'receive_info' }>, work: Input | object): string {
  const { quote_id } = output.receive_info;
  const isWaited = 'wait_until_paid' in work && work.wait_until_paid === true;
  if (quote_id === undefined || isWaited || !('network' in work) || work.network !== 'cashu') return '';
  return `Once it is paid: cashu receive-from-ln-claim --wallet ${output.wallet} --ln-quote-id ${quote_id}\n`;
}

/** The wallet in use is meant wherever a command has a place for one and none is named. */
function withWallet(words: readonly string[], active: string | undefined): readonly string[] {
  if (active === undefined || words.includes('--wallet')) return words;
  const path = wordsOf(words);
  const command = commandsUnder(path).find((each) => each.path.length === path.length);
  return command?.flags.some(({ name }) => name === 'wallet') ? [...words, '--wallet', active] : words;
}

async function help(words: readonly string[], out: Out): Promise<void> {
  const { helpText } = await import('../help/help-text.js');
  const path = wordsOf(words.filter((word) => word !== 'help' && word !== '?'));
  await out.text(helpText(path));
}

function setFormat(format: string | undefined, out: Out): void {
  if (format !== 'json' && format !== 'yaml' && format !== 'plain') throw new UsageError('output json, yaml or plain');
  out.format = format;
}

async function setLog(filters: string | undefined, { target, out }: Session, signal: AbortSignal): Promise<void> {
  const log = filters === undefined || filters === 'off' ? [] : logFilters(filters);
  for await (const output of target.handle({ code: 'config', log }, signal)) await out.say(output);
}

interface InteractiveRun {
  target: Target;
  out: Out;
  isDryRun: boolean;
  dataDir: string;
  deps: Pick<AfpayDeps, 'stdin' | 'stdout' | 'signal' | 'newId'>;
}

interface Session extends InteractiveRun {
  /** Ids and labels that were seen, for completion. */
  wallets: Set<string>;
  /** Of `use`. */
  active: string | undefined;
}

interface Running {
  session: Session;
  reader: LineReader;
  signal: AbortSignal;
}
