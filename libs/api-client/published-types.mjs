// The declarations that are published: those of our own files as the compiler writes them, and the shapes of calls, which come
// from schemas, written out. So a reader of the package sees fields, and needs neither the schemas nor zod.
import { basename } from 'node:path';
import ts from 'typescript';

const SHAPES = 'call-types';
const { NoTruncation, InTypeAlias, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags;

/** Name and text of every declaration file that is reached from the entries. `summaries`: one line about each call. */
export function publishedTypes(entries, summaries) {
  const { options } = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.json',
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  const program = ts.createProgram(entries, {
    ...options,
    composite: false,
    declaration: true,
    tsBuildInfoFile: undefined,
    declarationMap: false,
  });
  const texts = new Map();
  const reach = (name) => {
    if (texts.has(name)) return;
    const source = program.getSourceFile(`src/${name}.ts`);
    const text =
      name === SHAPES ? shapes({ program, source, seenFrom: entries[0], summaries }) : declarations(program, source);
    texts.set(name, text);
    for (const [, next] of text.matchAll(/from '\.\/([\w-]+)\.js'/g)) reach(next);
  };
  for (const entry of entries) reach(basename(entry, '.ts'));
  const stray = [...texts].find(([, text]) => /from '(?!\.\/)/.test(text));
  if (stray) fail(`${stray[0]} imports what is not published`);
  return [...texts].map(([name, text]) => ({ name: `${name}.d.ts`, text }));
}

function declarations(program, source) {
  let written;
  program.emit(source, (_path, text) => (written = text), undefined, true);
  return written ?? fail(`${source.fileName} has no declarations`);
}

/** Each exported type, fully written out, with its comment; `Calls` as an interface, for comments inside. */
function shapes({ program, source, seenFrom, summaries }) {
  const checker = program.getTypeChecker();
  // Names that are not seen from there are written out.
  const write = (type) =>
    checker
      .typeToString(
        type,
        program.getSourceFile(seenFrom),
        NoTruncation | InTypeAlias | UseSingleQuotesForStringLiteralType,
      )
      .replaceAll(/Uint8Array<\w+>/g, 'Uint8Array'); // older compilers know no parameter of it
  const comment = (symbol) => `/** ${ts.displayPartsToString(symbol.getDocumentationComment(checker))} */\n`;
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  return exported
    .map((symbol) => {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      if (symbol.name === 'CallName') return `${comment(symbol)}export type CallName = keyof Calls;`;
      if (symbol.name !== 'Calls') return `${comment(symbol)}export type ${symbol.name} = ${write(type)};`;
      const calls = type
        .getProperties()
        .map((call) => `/** ${summaries[call.name]} */\n${call.name}: ${write(checker.getTypeOfSymbol(call))};`);
      return `${comment(symbol)}export interface Calls {\n${calls.join('\n')}\n}`;
    })
    .join('\n');
}

function fail(what) {
  throw new Error(typeof what === 'string' ? what : ts.flattenDiagnosticMessageText(what.messageText, ' '));
}
