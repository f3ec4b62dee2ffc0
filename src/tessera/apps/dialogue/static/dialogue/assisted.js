// Lets a facilitator type in the answers of one person after the other, also while there is no network.
//
// Without this script the page is a plain form. With it, the answers of a person lie in localStorage from "send" until
// the server has answered for good, and then no more:
//   200  kept.
//   4xx  refused, if it is our answer (JSON with "error"): the facilitator is told.
//   anything else, or no answer: tried again, later and later, and when the network comes back.
// They may be sent twice: the server knows them again by their key, and keeps them once. Before it sends, the page asks
// whose session it is. What one person typed in is not sent in the name of another who signed in meanwhile.
//
// The page cannot be loaded without a network: a service worker that could do so would leave it on a shared laptop for
// whoever comes next. What waits survives that the page is closed.

(function () {
  "use strict";

  const page = document.querySelector("[data-assisted]");
  const form = page.querySelector("[data-answers]");
  const receipt = page.querySelector("[data-receipt]");
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // as in codes.py
  const CODE_LENGTH = 16;
  const WAITS = [2, 5, 10, 30, 60]; // seconds before trying again; the last one from then on
  const PLACE = "tessera/assisted/" + page.dataset.assisted + "/";
  const MINE = PLACE + page.dataset.person + "/";

  let store;
  try {
    store = window.localStorage;
    store.getItem(MINE);
  } catch {
    return; // Forbidden: the plain form, which the page is made of.
  }

  const part = (name) => page.querySelector(`[data-${name}]`);
  const names = (start) => Object.keys(store).filter((name) => name.startsWith(start)).sort();
  const waiting = () => names(MINE);
  const random = (count) => crypto.getRandomValues(new Uint8Array(count));
  const makeKey = () => Array.from(random(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  // 32 signs: of a byte, each comes as often as any other.
  const makeCode = () => Array.from(random(CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  const spell = (code) => code.match(/.{1,4}/g).join("-");

  // What the facilitator is told

  let hadWaiting = waiting().length > 0;

  function say(words) {
    const aloud = part("aloud");
    aloud.textContent = "";
    // A change that comes later is one that is read out.
    setTimeout(() => (aloud.textContent = words), 100);
  }

  function count(name, number) {
    const words = part(name).querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("__COUNT__", number);
    part(name).hidden = number === 0;
  }

  function show() {
    const mine = waiting().length;
    count("waiting", mine);
    count("of-others", names(PLACE).length - mine);
    part("offline").hidden = navigator.onLine;
    part("all-sent").hidden = !(hadWaiting && mine === 0);
    if (hadWaiting && mine === 0) say(part("all-sent").textContent.trim());
  }

  function refuse(message) {
    part("refused").querySelector("[data-reason]").textContent = message;
    part("refused").hidden = false;
    say(part("refused").textContent.trim());
  }

  // Sending

  let isSending = false;
  let failures = 0; // in a row
  let timer;

  async function ask(url, options) {
    const response = await fetch(url, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      ...options,
    });
    // Whoever was signed out is led to a page, and that is no answer of ours.
    const answer = await response.json().catch(() => null);
    return { status: response.status, answer };
  }

  async function send(name) {
    const entry = JSON.parse(store.getItem(name));
    if (!entry) return; // Another tab has sent it just now.
    const session = await ask(entry.url);
    const isMine = session.answer && String(session.answer.person) === page.dataset.person;
    part("signed-out").hidden = isMine || session.status >= 500;
    if (!isMine) throw new Error("no session");
    const fields = new URLSearchParams(entry.fields);
    fields.set("csrfmiddlewaretoken", session.answer.token);
    const reply = await ask(entry.url, { method: "POST", body: fields });
    const isRefused = reply.status >= 400 && reply.status < 500 && reply.answer && reply.answer.error;
    if (!isRefused && !(reply.status === 200 && reply.answer && reply.answer.kept)) throw new Error("no answer");
    store.removeItem(name);
    if (isRefused) refuse(reply.answer.message);
  }

  async function sendAll() {
    clearTimeout(timer);
    if (isSending || !navigator.onLine) return;
    isSending = true;
    try {
      for (const name of waiting()) {
        await send(name);
        failures = 0;
        show();
      }
    } catch {
      failures += 1;
      timer = setTimeout(sendAll, WAITS[Math.min(failures, WAITS.length) - 1] * 1000);
    }
    isSending = false;
    show();
  }

  // One person after the other

  function isComplete() {
    const isAnswered = Array.from(form.querySelectorAll("[type=radio]:checked")).some((radio) => radio.value !== "empty");
    return form.elements.consent.checked && isAnswered;
  }

  function begin() {
    form.reset();
    form.elements.key.value = makeKey();
    form.elements.code.value = makeCode();
    part("code").textContent = "";
    receipt.hidden = true;
    form.hidden = false;
    part("all-sent").hidden = true;
    part("refused").hidden = true;
    form.elements.consent.focus();
    window.scrollTo(0, 0);
  }

  form.addEventListener("submit", (event) => {
    part("incomplete").hidden = isComplete();
    if (!isComplete()) {
      event.preventDefault();
      part("incomplete").focus();
      return;
    }
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    const name = MINE + String(Date.now()).padStart(15, "0") + "-" + fields.key;
    try {
      store.setItem(name, JSON.stringify({ url: location.pathname, fields }));
    } catch {
      return; // The storage is full: the form goes out as any form.
    }
    event.preventDefault();
    hadWaiting = true;
    part("code").textContent = spell(fields.code);
    form.hidden = true;
    receipt.hidden = false;
    part("code-heading").focus();
    failures = 0;
    show();
    sendAll();
  });

  part("next").addEventListener("click", begin);
  window.addEventListener("online", () => {
    failures = 0;
    show();
    sendAll();
  });
  window.addEventListener("offline", show);
  window.addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.hidden || sendAll());
  window.addEventListener("beforeunload", (event) => {
    if (!navigator.onLine) event.preventDefault();
  });

  // A browser that brings the page back brings the answers of whoever sat here before.
  window.addEventListener("pageshow", (event) => event.persisted && begin());

  show();
  sendAll();
})();
