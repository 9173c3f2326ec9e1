import { manualClock } from '@caravel/domain';
import { eventId, nostrEventSchema } from './events.js';
import { makeDirectMessageRumor, unwrapMessage, wrapMessage } from './nip17.js';
import { GiftWrapError, makeRumor } from './nip59.js';
import { generateSecret, secretSigner } from './signer.js';
import { readVectors } from './testing/vectors.js';

const NOW_S = 1_700_000_000;
const [robot, tenant] = [secretSigner(generateSecret()), secretSigner(generateSecret())];
const message = { from: robot.pubkey, to: tenant.pubkey, text: 'Your invoice is due: $5.00', createdAtS: NOW_S };

test('a direct message is kind 14 with its recipient, its subject and its id', () => {
  const rumor = makeDirectMessageRumor({ ...message, subject: 'Invoice' });
  expect(rumor).toEqual({
    id: eventId(rumor),
    pubkey: robot.pubkey,
    kind: 14,
    created_at: NOW_S,
    tags: [
      ['p', tenant.pubkey],
      ['subject', 'Invoice'],
    ],
    content: message.text,
  });
});

test('the same message has the same id, so a recipient sees it once even if it is sent twice', () => {
  const wraps = [1, 2].map(() =>
    wrapMessage({
      signer: robot,
      recipient: tenant.pubkey,
      rumor: makeDirectMessageRumor(message),
      clock: manualClock(NOW_S),
    }),
  );
  const ids = wraps.map((wrap) => unwrapMessage(tenant, wrap).id);
  expect(new Set(wraps.map(({ id }) => id)).size).toBe(2);
  expect(new Set(ids).size).toBe(1);
});

test('something else than a direct message is refused', () => {
  const note = makeRumor({ pubkey: robot.pubkey, kind: 1, created_at: NOW_S, tags: [], content: 'x' });
  const wrap = wrapMessage({ signer: robot, recipient: tenant.pubkey, rumor: note, clock: manualClock(NOW_S) });
  expect(() => unwrapMessage(tenant, wrap)).toThrow(GiftWrapError);
});

test('the examples of NIP-17 read the same for receiver and sender', () => {
  const vectors = JSON.parse(readVectors('nip17.vectors.json')) as Record<string, unknown>;
  const [sender, receiver] = [secretSigner(String(vectors['sender'])), secretSigner(String(vectors['receiver']))];
  const received = unwrapMessage(receiver, nostrEventSchema.parse(vectors['toReceiver']));
  expect(received).toMatchObject({ kind: 14, pubkey: sender.pubkey, content: vectors['text'] });
  expect(unwrapMessage(sender, nostrEventSchema.parse(vectors['toSender']))).toEqual(received);
});
