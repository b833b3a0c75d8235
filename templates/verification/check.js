// What a parchemin's code is worth: its text taken apart, its signature checked, the answer in words.
// It touches nothing of the page; format, keys and sentences are those of signing.credential.
"use strict";
const answers = ((told) => {
  const PREFIX = "PCM1:", LONGEST = 419, BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  class Refusal extends Error {}
  const no = (name, filled) => new Refusal(sentence(name, filled));
  const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

  // --- words -------------------------------------------------------------------------------

  const french = (text) =>
    text.replace(/ (?=[:;?!»])/g, "\u00a0").replace(/« /g, "«\u00a0");

  function day(iso) {
    const [year, month, number] = iso.split("-").map(Number);
    return `${number === 1 ? "1er" : number} ${told.months[month - 1]} ${year}`;
  }

  function sentence(name, filled = {}) {
    const all = { organisation: told.organisation, ...filled };
    return french(told.sentences[name].replace(/\{(\w+)\}/g, (_, key) => all[key]));
  }

  // --- the code ----------------------------------------------------------------------------

  function base32(text) {
    const bytes = [];
    let held = 0, bits = 0;
    for (const letter of text) {
      const value = BASE32.indexOf(letter);
      if (value < 0) throw no("damaged");
      held = ((held << 5) | value) & 0xfff;
      bits += 5;
      if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff);
    }
    if (bits >= 5 || held & ((1 << bits) - 1)) throw no("damaged");
    return Uint8Array.from(bytes);
  }

  // The deterministic part of CBOR the codes are written in: shortest lengths, keys in order.
  function cbor(bytes) {
    let at = 0;
    const take = (size) => {
      if (size > bytes.length - at) throw no("damaged");
      return bytes.subarray(at, (at += size));
    };
    const read = (depth) => {
      if (depth === 0) throw no("damaged");
      const first = take(1)[0], major = first >> 5;
      let number = first & 31;
      if (major === 7) {
        if (number !== 20 && number !== 21) throw no("damaged");
        return number === 21;
      }
      if (number >= 24) {
        if (number > 26) throw no("damaged");
        const size = 1 << (number - 24), least = size === 1 ? 24 : 2 ** (4 * size);
        number = take(size).reduce((sum, byte) => sum * 256 + byte, 0);
        if (number < least) throw no("damaged");
      }
      if (major === 0) return number;
      if (major === 1) return -1 - number;
      if (major === 2) return take(number);
      if (major === 3) return utf8(take(number));
      if (major === 4) return Array.from({ length: Math.min(number, 99) }, () => read(depth - 1));
      if (major === 6) return { tag: number, value: read(depth - 1) };
      const map = new Map();
      for (let last = -1; number > 0; number--) {
        const key = read(depth - 1);
        const order = key < 0 ? 31 - key : key;
        if (!Number.isInteger(key) || order <= last) throw no("damaged");
        last = order;
        map.set(key, read(depth - 1));
      }
      return map;
    };
    const value = read(8);
    if (at !== bytes.length) throw no("damaged");
    return value;
  }

  function bstr(bytes) {
    const n = bytes.length;
    return [...(n < 24 ? [0x40 | n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255]), ...bytes];
  }

  function takeApart(text) {
    const code = text.replace(/\s+/g, "").toUpperCase();
    if (!code.startsWith("PCM")) throw no("not_ours");
    if (!code.startsWith(PREFIX)) throw no("newer");
    if (code.length > LONGEST) throw no("not_ours");
    try {
      const sign1 = cbor(base32(code.slice(PREFIX.length)));
      if (sign1.tag !== 18 || sign1.value.length !== 4) throw no("damaged");
      const [protectedHeader, open, claims, signature] = sign1.value;
      const header = cbor(protectedHeader), key = header.get(4);
      const expected = header.size === 2 && header.get(1) === -7 && key.length === 4;
      if (!expected || open.size !== 0 || signature.length !== 64) throw no("damaged");
      const context = [..."Signature1"].map((letter) => letter.charCodeAt(0));
      const signed = [0x84, 0x6a, ...context, ...bstr(protectedHeader), 0x40, ...bstr(claims)];
      return { award: award(cbor(claims)), key: hex(key), signature,
        signed: Uint8Array.from(signed) };
    } catch (error) {
      throw error instanceof Refusal ? error : no("damaged");
    }
  }

  function award(said) {
    const texts = [1, 2, 3, 4].map((key) => said.get(key));
    const days = [5, 6].map((key) => said.get(key));
    const sound = texts.every((text) => typeof text === "string" && text !== "") &&
      days.every(Number.isInteger) && said.size === (said.has(7) ? 7 : 6) &&
      (!said.has(7) || said.get(7) === true);
    if (!sound) throw no("damaged");
    const [decided, delivered] = days.map((n) => {
      const iso = new Date(n * 86400000).toISOString();
      if (!/^\d{4}-/.test(iso)) throw no("damaged");
      return iso.slice(0, 10);
    });
    const [number, holder, title, certifier] = texts;
    return { number, holder, title, certifier, decided, delivered, specimen: said.has(7) };
  }

  // --- signatures --------------------------------------------------------------------------

  async function verifies(jwk, signature, signed) {
    const { kty, crv, x, y } = jwk, algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false,
      ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed);
  }

  const fromBase64url = (text) => {
    if (!/^[\w-]*$/.test(text)) throw no("list_damaged");
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };

  async function readList(text) {
    let header, said, parts;
    try {
      parts = text.trim().split(".");
      [header, said] = parts.slice(0, 2).map((part) => JSON.parse(utf8(fromBase64url(part))));
      const dated = typeof said.at === "string" && /^\d{4}-\d\d-\d\dT/.test(said.at);
      const expected = header.alg === "ES256" && header.typ === "parchemin-retraits+jws";
      if (parts.length !== 3 || !expected || !dated || typeof said.withdrawn !== "object")
        throw no("list_damaged");
    } catch {
      throw no("list_damaged");
    }
    const key = told.keys.find((one) => one.kid === header.kid);
    const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
    if (!key || !(await verifies(key, fromBase64url(parts[2]), signed))) throw no("list_foreign");
    return { at: said.at, day: said.at.slice(0, 10), numbers: new Map(Object.entries(said.withdrawn)) };
  }

  // --- the answer --------------------------------------------------------------------------

  // The answer about a code; `list`: the text of the list of withdrawals, or null.
  async function check(text, list) {
    const code = takeApart(text), { award } = code;
    const answer = (verdict, title, ...reasons) => {
      if ([award.certifier, award.title, award.holder].some((text) => text.endsWith("…")))
        reasons.push(sentence("shortened"));
      if (award.specimen) reasons.push(sentence("specimen"));
      return { verdict, title, award, key: code.key, reasons };
    };
    const key = told.keys.find((one) => one.kid === code.key);
    if (!key) return answer("indeterminate", "unknown", sentence("unknown_key"));
    if (!(await verifies(key, code.signature, code.signed)))
      return answer("invalid", "forged", sentence("forged"));
    if (key.until && award.delivered > key.until)
      return answer("invalid", "forged", sentence("too_late", { until: day(key.until) }));
    const authentic = sentence("authentic");
    const title = award.specimen ? "specimen" : "authentic";
    let known;
    try {
      known = list && (await readList(list));
    } catch (refusal) {
      return answer("valid", title, authentic, refusal.message, sentence("not_checked"));
    }
    if (!known) return answer("valid", title, authentic, sentence("not_checked"));
    const on = known.numbers.get(award.number), at = day(known.day);
    if (!on) return answer("valid", title, authentic, sentence("not_listed", { at }));
    return answer("invalid", "withdrawn", authentic, sentence("withdrawn", { on: day(on), at }));
  }

  return { Refusal, check, day, french, readList, sentence };
})(JSON.parse(document.getElementById("donnees").textContent));
