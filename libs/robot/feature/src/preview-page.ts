import { previewMessages } from './preview-messages.js';
import type { Texts } from './texts/text-schema.js';

/** All messages in all languages as a page to read: what `npm run preview:messages` prints and `docs/messages.md` shows. */
export function previewPage(languages: readonly Texts[], { appUrl }: { appUrl: string }): string {
  const parts = languages.flatMap((texts) => [
    `## ${texts.language}`,
    ...previewMessages(texts, { appUrl }).map(
      ({ template, form, text }) => `### ${template}, ${form}\n\n\`\`\`\n${text}\n\`\`\``,
    ),
  ]);
  return [HEAD, ...parts].join('\n\n') + '\n';
}

const HEAD = `# What the robot says

Every message in every language, alone and joined, with sample values. Written by \`npm run preview:messages\`; a test
compares. How texts are changed is in [operations.md](operations.md#the-robots-words).`;
