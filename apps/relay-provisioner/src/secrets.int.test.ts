import fc from 'fast-check';
import type { Relay } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';
import { relaySecretBox, zooidClient } from '@caravel/provisioning-data-access';
import type { ZooidSettings } from '@caravel/provisioning-feature';
import { createMetrics } from '@caravel/service';
import { BEGINNINGS, ECHOES, startEchoZooid } from './testing/echo-zooid.js';
import { settings, startWorld, ZOOID_SECRET } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

/** How many relays with secrets of their own are set up against a server that repeats everything. */
const COUNT = Number(process.env['RELAYS'] ?? 15);

let world: World;
let echo: Awaited<ReturnType<typeof startEchoZooid>>;
beforeAll(async () => {
  [world, echo] = await Promise.all([startWorld(), startEchoZooid()]);
});
afterAll(async () => {
  await echo.close();
  await world.stop();
});

const planted = fc.stringMatching(/^[!-~]{10,40}$/);
const keys = fc.record({ accessKey: planted, secretKey: planted, apiKey: planted, apiSecret: planted });
const answer = fc.record({
  status: fc.constantFrom(400, 400, 422, 401, 404, 409, 429, 500, 502),
  from: fc.constantFrom(...BEGINNINGS),
  how: fc.constantFrom(...Object.keys(ECHOES)),
});

it(
  'no secret is in a log, an error, a row, an activity or a metric, whatever zooid makes of what it was told',
  async () => {
    const metrics = createMetrics('test');
    const provisionerWith = ({ accessKey, secretKey, apiKey, apiSecret }: Keys) => {
      const secrets = [accessKey, secretKey, apiKey, apiSecret];
      const signer = secretSigner(ZOOID_SECRET);
      const zooid = zooidClient({ apiUrl: echo.url, signer, clock: world.clock, secrets, metrics, timeoutMs: 2000 });
      const own: ZooidSettings = {
        s3: { ...settings.s3, accessKey, secretKey },
        livekit: { ...settings.livekit, apiKey, apiSecret },
      };
      return world.provisioner({ zooid, settings: own, metrics, liveWithinMs: 1 });
    };

    await fc.assert(
      fc.asyncProperty(keys, fc.array(answer, { minLength: 2, maxLength: 3 }), async (secrets, answers) => {
        world.logLines.length = 0;
        const relay = await world.createRelay();
        const { sync } = provisionerWith(secrets);
        for (const { how, ...answered } of answers) {
          echo.say({ ...answered, echo: ECHOES[how] ?? String });
          await sync(relay.id);
          world.clock.advance(1000);
        }
        const hidden = [...Object.values(secrets), ZOOID_SECRET, await relaySecret(relay)];
        const seen = await everythingAbout(relay, await metrics.registry.metrics());
        expect(world.logLines.join('')).toContain('relay sync');
        for (const secret of hidden)
          expect(seen.filter((text) => spellings(secret).some((one) => text.includes(one)))).toEqual([]);
      }),
      { numRuns: COUNT },
    );
  },
  30_000 + COUNT * 1000,
);

async function relaySecret(relay: Relay): Promise<string> {
  const row = await world.syncRow(relay.id);
  return relaySecretBox(ZOOID_SECRET).open(relay.id, row?.sealed_secret ?? '');
}

/** Every text of every row about the relay, of every line of the log, and the metrics. */
async function everythingAbout({ id, tenantPubkey }: Relay, metrics: string): Promise<string[]> {
  const rows = await world.database.query<{ row: unknown }>(
    `SELECT to_jsonb(relay) AS row FROM relay WHERE id = $1
     UNION ALL SELECT to_jsonb(relay_sync) - 'sealed_secret' FROM relay_sync WHERE relay_id = $1
     UNION ALL SELECT to_jsonb(activity) FROM activity WHERE tenant_pubkey = $2
     UNION ALL SELECT to_jsonb(tenant_event) FROM tenant_event WHERE tenant_pubkey = $2`,
    [id, tenantPubkey],
  );
  const lines = world.logLines.map((line): unknown => JSON.parse(line));
  return [...textsOf(rows), ...textsOf(lines), metrics];
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(textsOf) : [];
}

/** As it is, and as JSON and URLs have it. */
const spellings = (secret: string): string[] => [
  ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)],
  JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
];

interface Keys {
  accessKey: string;
  secretKey: string;
  apiKey: string;
  apiSecret: string;
}
