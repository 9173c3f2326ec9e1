import { parseArgs } from 'node:util';
import { LANGUAGES, loadTexts, previewPage, TextsError } from '@caravel/robot-feature';

/** `npm run preview:messages [-- --language de --texts FOLDER --app-url URL]`: prints what the robot would say. */
const { values } = parseArgs({
  options: {
    language: { type: 'string' },
    texts: { type: 'string' },
    'app-url': { type: 'string', default: 'https://app.example/' },
  },
});
const languages = values.language === undefined ? [...LANGUAGES.keys()] : [values.language];
try {
  const texts = languages.map((language) => loadTexts({ language, dir: values.texts }));
  process.stdout.write(previewPage(texts, { appUrl: values['app-url'] }));
} catch (error) {
  if (!(error instanceof TextsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
