import { nostrSecret, signatureFields } from '@caravel/nostr';
import { loadTexts, TextsError } from '@caravel/robot-feature';
import { field, flag, httpUrl, postgresUrl, redisUrl, serviceConfig, wsUrlList } from '@caravel/service';

/** The robot's variables (`caravel.md` section 8). */
export const configSchema = serviceConfig(
  {
    DATABASE_URL: postgresUrl(),
    /** Without it queues live in PostgreSQL. */
    REDIS_URL: redisUrl().optional(),
    /** Base address of the client; links in messages lead there. */
    APP_URL: httpUrl(),
    ...signatureFields,
    ROBOT_SECRET: nostrSecret(),
    ROBOT_NAME: field('the display name of the robot'),
    ROBOT_DESCRIPTION: field('a text about the robot'),
    ROBOT_PICTURE: httpUrl(),
    /** In which the robot writes: one of ours, or of `ROBOT_TEXTS_DIR`. */
    ROBOT_LANGUAGE: field('a language, e.g. en').default('en'),
    /** A folder whose `<language>.json` replaces texts of ours. */
    ROBOT_TEXTS_DIR: field('a folder').optional(),
    ROBOT_OUTBOX_RELAYS: wsUrlList(),
    ROBOT_INDEXER_RELAYS: wsUrlList(),
    ROBOT_MESSAGING_RELAYS: wsUrlList(),
    /** Sandbox and tests only: recipients may name relays on loopback and private networks. */
    ALLOW_PRIVATE_HOSTS: flag(),
  },
  { opsPort: 9094 },
).superRefine(({ ROBOT_LANGUAGE: language, ROBOT_TEXTS_DIR: dir }, context) => {
  try {
    loadTexts({ language, dir });
  } catch (error) {
    if (!(error instanceof TextsError)) throw error;
    const path = [dir === undefined ? 'ROBOT_LANGUAGE' : 'ROBOT_TEXTS_DIR'];
    context.addIssue({ code: 'custom', path, message: `texts that fit: ${error.problems.join('; ')}` });
  }
});
