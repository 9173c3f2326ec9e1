import { checkHttpAuth } from '@caravel/nostr';
import { httpAuth } from './http-auth.js';
import { keySigner } from './testing/key-signer.js';

const serverUrl = 'https://api.example.com';
const NOW_S = 1_800_000_000;
const request = { method: 'POST', url: `${serverUrl}/relays?dry=1`, body: '{"info_name":"Räksmörgås 🎉"}' };
let keys = 0;
const newKey = () => String((keys += 1));
const setUp = (mode: 'session' | 'strict') => {
  const signer = keySigner();
  const time = { nowMs: NOW_S * 1000 };
  return { signer, time, auth: httpAuth({ signer, serverUrl, mode, nowMs: () => time.nowMs, newKey }) };
};

describe('session', () => {
  const session = { mode: 'session', serverUrls: [serverUrl], nowS: NOW_S } as const;

  it('signs once for 9 minutes, also when many ask at once', async () => {
    const { signer, time, auth } = setUp('session');
    const headers = await Promise.all([1, 2, 3].map(() => auth(request)));
    time.nowMs += 539_999;
    headers.push(await auth({ ...request, method: 'GET', body: undefined }));
    expect(new Set(headers).size).toBe(1);
    expect(checkHttpAuth(headers[0], session)).toMatchObject({ ok: true, pubkey: signer.pubkey });
    time.nowMs += 1;
    expect(await auth(request)).not.toBe(headers[0]);
    expect(signer.signatures()).toBe(2);
  });

  it('a person who changes to another key acts as that key, and back without signing again', async () => {
    const [alice, bob] = [keySigner(), keySigner()];
    let now = alice;
    const auth = httpAuth({
      signer: { getPublicKey: () => now.getPublicKey(), signEvent: (event) => now.signEvent(event) },
      serverUrl,
      mode: 'session',
      nowMs: () => NOW_S * 1000,
      newKey,
    });
    for (const key of [alice, bob, alice]) {
      now = key;
      expect(checkHttpAuth(await auth(request), session)).toMatchObject({ ok: true, pubkey: key.pubkey });
    }
    expect([alice.signatures(), bob.signatures()]).toEqual([1, 1]);
  });

  it('a signature that was refused is asked for again', async () => {
    const { signer } = setUp('session');
    let refuse = true;
    const auth = httpAuth({
      signer: { ...signer, signEvent: (event) => (refuse ? Promise.reject(new Error('no')) : signer.signEvent(event)) },
      serverUrl,
      mode: 'session',
      nowMs: () => NOW_S * 1000,
      newKey,
    });
    await expect(auth(request)).rejects.toThrow('no');
    refuse = false;
    expect(checkHttpAuth(await auth(request), session).ok).toBe(true);
  });
});

describe('strict', () => {
  const strict = {
    mode: 'strict',
    serverUrls: [serverUrl],
    nowS: NOW_S,
    method: 'POST',
    target: '/relays?dry=1',
    body: new TextEncoder().encode(request.body),
  } as const;

  it('signs the method, the full address and the bytes of the body, for each request anew', async () => {
    const { signer, auth } = setUp('strict');
    expect(checkHttpAuth(await auth(request), strict)).toMatchObject({ ok: true, pubkey: signer.pubkey });
    expect(checkHttpAuth(await auth({ ...request, body: strict.body }), strict).ok).toBe(true);
    expect(signer.signatures()).toBe(2);
  });

  it('the same request in the same second is another event, as each is taken once', async () => {
    const { auth } = setUp('strict');
    const [first, second] = [checkHttpAuth(await auth(request), strict), checkHttpAuth(await auth(request), strict)];
    expect(first.ok && second.ok && first.event.id !== second.event.id).toBe(true);
  });

  it('without a body there is no hash', async () => {
    const { auth } = setUp('strict');
    const header = await auth({ ...request, method: 'GET', body: undefined });
    expect(checkHttpAuth(header, { ...strict, method: 'GET', body: new Uint8Array() }).ok).toBe(true);
  });
});
