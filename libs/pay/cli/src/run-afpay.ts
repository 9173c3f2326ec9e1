import type { Output } from '@caravel/pay-protocol';
import type { AfpayDeps, LocalFlags } from './afpay-deps.js';
import { parseLine, wordsOf } from './command/parse-line.js';
import type { ParsedLine } from './command/parse-line.js';
import { logFilters } from './command/config-commands.js';
import type { OutputFormat } from './format/format-output.js';
import { formatOf, outTo } from './mode/out.js';
import type { Out } from './mode/out.js';
import { failedOutput, runCommand, workOf } from './mode/run-command.js';
import { startupLog } from './mode/startup-log.js';
import { dataDirOf, localFlags, openTarget } from './target/open-target.js';
import { UsageError } from './usage-error.js';

/**
 * The command `afpay`, from its words to its exit code: 0 done, 1 error, 2 not a command, 3 limit exceeded, 4 approval required,
 * 5 outcome unknown. Everything it has to say goes to stdout, in the form that `--output` names.
 */
export async function runAfpay(deps: AfpayDeps): Promise<number> {
  const out = outTo(deps.stdout, formatIn(deps.argv));
  try {
    const looked = await look(deps, out);
    if (looked) return 0;
    const line = parseLine(deps.argv);
    out.format = formatOf(line.globals) ?? 'json';
    return await runMode(line, out, deps);
  } catch (error) {
    await out.say(failedOutput(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What is asked about the program itself, wherever it stands on the line. */
async function look({ argv, version }: AfpayDeps, out: Out): Promise<boolean> {
  if (argv.includes('--help-markdown')) {
    const { helpMarkdown } = await import('./help/help-markdown.js');
    await out.text(helpMarkdown());
    return true;
  }
  if (argv.includes('--help') || argv.includes('-h')) {
    const { helpText } = await import('./help/help-text.js');
    await out.text(helpText(wordsOf(argv)));
    return true;
  }
  if (!argv.includes('--version')) return false;
  await out.text(`afpay ${version}\n`);
  return true;
}

async function runMode(line: ParsedLine, out: Out, deps: AfpayDeps): Promise<number> {
  const { globals, command } = line;
  const mode = globals.text('mode')?.toLowerCase() ?? 'cli';
  const log = globals.text('log');
  if (log !== undefined && logFilters(log).length > 0) await out.say(startupLog(deps));
  if (mode === 'tui') throw new UsageError('there is no mode tui', 'afpay --mode interactive is meant');
  if (mode === 'cli') {
    if (!command) throw new UsageError('no command', 'afpay --help');
    return runOne({ ...line, command }, out, deps);
  }
  if (command) throw new UsageError(`--mode ${mode} takes no command`, 'Leave one of the two out');
  if (mode === 'rpc' || mode === 'rest') {
    const flags = localFlags(globals, deps.env);
    if (globals.isOn('dry-run')) await out.say(dryServe(mode, flags));
    else await deps.local.serve(mode, flags);
    return 0;
  }
  const target = await openTarget(globals, { ...deps, out });
  const isDryRun = globals.isOn('dry-run');
  try {
    if (mode === 'pipe') {
      const { pipe } = await import('./mode/pipe.js');
      return await pipe({ target, out, isDryRun, deps });
    }
    const { interactive } = await import('./mode/interactive.js');
    return await interactive({ target, out, isDryRun, dataDir: dataDirOf(globals, deps.env), deps });
  } finally {
    await target.close();
  }
}

/** A node that is not started, with the flags it would have had; keys end in `_secret`, by which every form hides them. */
function dryServe(mode: 'rpc' | 'rest', { dataDir, restApiKey, rpcSecret, ...flags }: LocalFlags): Output {
  const { restListen: rest_listen, rpcListen: rpc_listen, publicListen: public_listen } = flags;
  const secrets = { rest_api_key_secret: restApiKey, rpc_secret: rpcSecret };
  const params = { data_dir: dataDir, rest_listen, rpc_listen, public_listen, ...secrets };
  return { code: 'dry_run', command: mode, params, trace: { duration_ms: 0 } };
}

async function runOne(line: Required<ParsedLine>, out: Out, deps: AfpayDeps): Promise<number> {
  const work = workOf({ ...line, newId: deps.newId });
  if ('own' in work && (work.own === 'backup' || work.own === 'restore')) {
    const { runArchive } = await import('./archive/run-archive.js');
    return runArchive({ command: work, line, out, deps });
  }
  const needsStore = !('code' in work && work.code === 'version');
  const target = await openTarget(line.globals, { ...deps, out }, { needsStore });
  try {
    return await runCommand({ work, target, out, isDryRun: line.globals.isOn('dry-run'), signal: deps.signal });
  } finally {
    await target.close();
  }
}

/** Before the line is understood: the form for saying that it is not. */
function formatIn(argv: readonly string[]): OutputFormat {
  const at = argv.lastIndexOf('--output');
  const said = argv[at + 1]?.toLowerCase();
  return at >= 0 && (said === 'yaml' || said === 'plain') ? said : 'json';
}
