import { idMaker, systemClock } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { moveStore, relaySecretBox } from '@caravel/provisioning-data-access';
import { loadConfig } from '@caravel/service';
import { configSchema, listedZooids } from '../config.js';
import { moveCommand } from './move-command.js';

const open = () => {
  const config = loadConfig(configSchema, process.env);
  const db = openDatabase(config.DATABASE_URL, { max: 2 });
  const secretBox = relaySecretBox(config.ZOOID_SECRET);
  const moves = moveStore(db.client, { clock: systemClock, newId: idMaker(systemClock), secretBox });
  const canWrite = config.ZOOID_IMPORT_COMMAND !== undefined;
  return { moves, instances: listedZooids(config), canWrite, close: db.close };
};

process.exitCode = await moveCommand(process.argv.slice(2), {
  open,
  clock: systemClock,
  say: (line) => process.stdout.write(`${line}\n`),
});
