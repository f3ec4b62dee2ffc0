// Makes a vote one tap, keeps votes while there is no connection, and sends each of them once.
//
// Without this script every page works by plain forms. It speaks no words of its own: they stand in _words.html and
// on the pages. Phones of 2017 read it: no optional chaining, no modules, no catch without a name.
//
// A vote lies in localStorage from the tap until the server has answered for good:
//   200  kept.
//   4xx  refused, if it is our answer (JSON with "error"): the person is told. A page of a proxy is not.
//   429  nobody with this code can join now: its votes wait for Retry-After, those of other codes do not.
//   anything else, or no answer: tried again, later and later, from whatever page is open.
// It may come twice: the server knows it again by its key. For the same reason nothing is sent by a beacon when the
// page is left: a request under way goes on (keepalive), the next visit sends the rest, and a beacon that overtook an
// earlier vote on the same statement would leave the wrong one standing.
//
// Each vote has a key of its own in localStorage, since two pages cannot change one list without losing something, and
// it carries the code of who gave it. After "start anew" it is marked gone: it is sent all the same, without cookies,
// and whoever holds the device next is not shown it.

(function () {
  "use strict";

  const consultation = document.body.dataset.consultation;
  if (!consultation || !window.fetch || !window.Promise || !window.URLSearchParams) return;

  const LONGEST = 60;
  const WAITS = [2, 4, 8, 16, 32, LONGEST]; // seconds before trying again; the last one from then on
  const PATIENCE = 20000; // ms for an answer; a bad line is slow
  const SETTLING = 50; // ms after which all pages of a phone see the same
  const SHORT = 5000; // ms that somebody waits who starts anew
  const MOMENT = 1000; // ms in which the next statement may still come
  const QUIET = 600; // ms without typing
  const BATCH = 10; // statements ahead
  const FEW = 4; // of them left: time to ask for more

  const find = (selector) => document.querySelector(selector);
  const all = (selector) => Array.prototype.slice.call(document.querySelectorAll(selector));
  const isOffline = () => navigator.onLine === false;

  function hexadecimal(bytes) {
    const numbers = new Uint8Array(bytes);
    if (window.crypto && crypto.getRandomValues) crypto.getRandomValues(numbers);
    else for (let i = 0; i < bytes; i += 1) numbers[i] = Math.floor(Math.random() * 256);
    return Array.prototype.map.call(numbers, (n) => n.toString(16).padStart(2, "0")).join("");
  }

  // The votes that wait, the oldest first.

  const PLACE = "tessera/" + consultation + "/vote/";
  const LOCK = "tessera/" + consultation + "/sending";
  const PAGE = hexadecimal(4);

  let store;
  try {
    store = window.localStorage;
  } catch (error) {
    store = null; // Forbidden: plain forms, which the pages are made of.
  }

  function waiting() {
    if (!store) return [];
    return Object.keys(store)
      .filter((name) => name.indexOf(PLACE) === 0)
      .sort()
      .map((name) => Object.assign({ place: name }, JSON.parse(store.getItem(name))))
      .filter((vote) => vote.key); // Another page may have sent it just now.
  }

  const own = () => waiting().filter((vote) => !vote.gone);

  // Throws where the storage is full.
  function keep(vote) {
    const last = waiting().pop();
    // A clock that was put back must not put a later vote before an earlier one.
    const after = last ? Number(last.place.slice(PLACE.length).split("-")[0]) + 1 : 0;
    const name = PLACE + String(Math.max(Date.now(), after)).padStart(15, "0") + "-" + PAGE;
    store.setItem(name, JSON.stringify(vote));
  }

  function markGone() {
    own().forEach((vote) => {
      const place = vote.place;
      delete vote.place;
      vote.gone = true;
      store.setItem(place, JSON.stringify(vote));
    });
  }

  // One page sends at a time; should two do so by chance, the keys of the votes make good for it.

  const hasLock = () => (store.getItem(LOCK) || "").indexOf(PAGE) === 0;

  function takeLock() {
    try {
      const held = (store.getItem(LOCK) || "").split(" ");
      const left = Number(held[1]) - Date.now();
      // What lies further ahead than any lock comes from a clock that was put back.
      if (held[0] !== PAGE && left > 0 && left <= PATIENCE * 2) return false;
      store.setItem(LOCK, PAGE + " " + (Date.now() + PATIENCE + 5000));
      return true;
    } catch (error) {
      return true; // No room for a lock; what waits must go out all the more.
    }
  }

  function leaveLock() {
    if (hasLock()) store.removeItem(LOCK);
  }

  // Sending

  const listeners = { kept: [], settled: [] };
  const tell = (what, fact) => listeners[what].forEach((listener) => listener(fact));

  let isSending = false;
  let failures = 0; // in a row
  let notBefore = 0; // until then the server asked to be left alone
  const heldUntil = {}; // the same for one code
  let timer;

  function ask(url, options) {
    const tooLong = new Promise((resolve, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE));
    const asked = Object.assign({ credentials: "same-origin", cache: "no-store" }, options);
    asked.headers = Object.assign({ Accept: "application/json" }, asked.headers);
    return Promise.race([fetch(url, asked), tooLong]).then((response) =>
      response.json().then(
        (answer) => ({ status: response.status, answer: answer || {}, wait: response.headers.get("Retry-After") }),
        () => ({ status: response.status, answer: {}, wait: response.headers.get("Retry-After") }),
      ),
    );
  }

  function post(url, fields, options) {
    const body = new URLSearchParams();
    Object.keys(fields).forEach((name) => body.append(name, fields[name]));
    const form = {
      method: "POST",
      body: body.toString(),
      headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
    };
    return ask(url, Object.assign(form, options));
  }

  function judge(reply) {
    const isOurs = typeof reply.answer.error === "string";
    if (reply.status === 200 && typeof reply.answer.answered === "number") return "kept";
    if (reply.status === 429) return "held";
    if (reply.status >= 400 && reply.status < 500 && reply.status !== 408 && isOurs) return "refused";
    return "failed";
  }

  function send(vote) {
    const fields = { statement: vote.statement, choice: vote.choice, key: vote.key, code: vote.code };
    if (vote.gone) fields.gone = 1;
    else if (ahead.length) fields.after = ahead.join(",");
    return post(vote.url, fields, { keepalive: true, credentials: vote.gone ? "omit" : "same-origin" }).then(
      (reply) => ({ verdict: judge(reply), answer: reply.answer, wait: Number(reply.wait) || 0 }),
      () => ({ verdict: "failed", answer: {}, wait: 0 }),
    );
  }

  const isHeld = (vote) => heldUntil[vote.code] > Date.now();

  async function sendAll() {
    if (!store || isSending || !waiting().length) return;
    clearTimeout(timer);
    if (isOffline()) return; // The browser says when it is over.
    isSending = true;
    let isMine = takeLock();
    // All pages of a phone hear at once that it is online again. Whoever wrote last has the lock.
    if (isMine) await new Promise((resolve) => setTimeout(resolve, SETTLING));
    isMine = isMine && (hasLock() || !store.getItem(LOCK));
    if (isMine) failures = await sendEach(failures);
    isSending = false;
    leaveLock();
    const left = waiting();
    if (!isMine) sendIn(WAITS[0]);
    else if (failures) sendIn(Math.max(WAITS[Math.min(failures, WAITS.length) - 1], secondsUntil(notBefore)));
    else if (left.length) sendIn(Math.min.apply(null, left.map((vote) => secondsUntil(heldUntil[vote.code] || 0))));
    show();
    tell("settled");
  }

  // One after the other, until all are gone or one has failed; gives the number of failures in a row.
  async function sendEach(earlier) {
    for (;;) {
      const vote = waiting().filter((each) => !isHeld(each))[0];
      if (!vote || !takeLock()) return 0;
      const reply = await send(vote);
      if (reply.verdict === "kept" || reply.verdict === "refused") store.removeItem(vote.place);
      if (reply.verdict === "held") heldUntil[vote.code] = Date.now() + Math.max(reply.wait, LONGEST) * 1000;
      if (reply.verdict !== "kept" && !vote.gone && reply.answer.message) showRefusal(reply);
      if (reply.verdict === "failed") {
        notBefore = Date.now() + reply.wait * 1000;
        return earlier + 1;
      }
      earlier = 0;
      if (reply.verdict === "kept" && !vote.gone) tell("kept", reply.answer);
      show();
    }
  }

  const secondsUntil = (time) => Math.max(0, time - Date.now()) / 1000;

  function sendIn(seconds) {
    clearTimeout(timer);
    timer = setTimeout(sendAll, seconds * 1000);
  }

  // While the server is away, the next try has its hour already.
  const sendAtOnce = () => failures || sendAll();

  // What the person is told

  let ahead = []; // keys of the statements that this page holds already
  let wasStuck = false;
  let slow;

  function say(words) {
    const aloud = find("[data-aloud]");
    aloud.textContent = "";
    // A change that comes later is one that is read out.
    setTimeout(() => (aloud.textContent = words), 100);
  }

  function fill(element, marks) {
    let words = element.dataset.words;
    Object.keys(marks).forEach((mark) => (words = words.split(mark).join(marks[mark])));
    element.textContent = words;
  }

  function show(isSlow) {
    const count = own().length;
    const panel = find("[data-unsent]");
    const isStuck = count > 0 && (isOffline() || failures > 0 || isSlow === true || wasStuck);
    fill(panel.querySelector("[data-words]"), { __COUNT__: count });
    panel.hidden = !isStuck;
    if (isStuck && !wasStuck) {
      find("[data-all-sent]").hidden = true;
      say(panel.textContent.trim());
    }
    if (wasStuck && count === 0) {
      find("[data-all-sent]").hidden = false;
      say(find("[data-all-sent]").textContent.trim());
    }
    wasStuck = isStuck;
    if (count === 0) slow = clearTimeout(slow);
    else if (!slow) slow = setTimeout(() => show(true), WAITS[1] * 1000);
  }

  function showRefusal(reply) {
    const panel = find("[data-refused]");
    // What waits for a better hour is said, too, and stays in the queue.
    panel.querySelector("[data-lost]").hidden = reply.verdict !== "refused";
    panel.querySelector("[data-reason]").textContent = reply.answer.message;
    panel.hidden = false;
    say(panel.textContent.trim());
  }

  // A page made anew before the first vote was sent has a code of its own: without this, one person became two.
  function takeCodeOfQueue() {
    const last = own().pop();
    if (last) all("input[name=code][data-new]").forEach((field) => (field.value = last.code));
  }

  // Voting: one statement after the other, on the same page

  function enhanceVoting(form) {
    const words = find("[data-statement-text]");
    const machine = find("[data-by-machine]");
    const original = find("[data-original]");
    const field = (name) => form.querySelector("input[name=" + name + "]");
    const bar = find("[data-progress] progress");
    const counter = find("[data-progress-words]");
    const skip = find("[data-skip]");
    const last = find("[data-last]");
    const report = find("[data-report]");
    const pause = find("[data-waiting]");
    const picture = find("[data-picture-from]");
    const aboutMe = find("[data-about-me]");

    let shown = {
      id: Number(field("statement").value),
      text: words.textContent,
      lang: words.lang,
      dir: words.dir,
      original: machine.hidden ? null : { text: original.textContent, lang: original.lang, dir: original.dir },
      own: (form.querySelector("[name=choice][aria-pressed=true]") || {}).value,
    };
    let next = []; // statements to come
    let later = []; // put off
    let before = null; // the statement of the last vote
    let answered = Number(counter.dataset.answered);
    let total = Number(counter.dataset.total);
    let isPaused = false;
    let isOver = false; // the server has no other statement
    let isAsking = false;
    let pressed = null;
    const known = {}; // keys of statements with a vote

    const isHere = (id) =>
      (id === shown.id && !isPaused) || next.concat(later).some((statement) => statement.id === id);

    function showProgress() {
      const fresh = {};
      own().forEach((vote) => vote.first && (fresh[vote.statement] = true));
      const count = Math.min(total, answered + Object.keys(fresh).length);
      counter.textContent = counter.dataset.progressWords
        .split("__ANSWERED__").join(count)
        .split("__TOTAL__").join(total);
      if (bar) {
        bar.max = total;
        bar.value = count;
      }
      // Not before the server knows them: it works out where one stands.
      if (answered >= Number(picture.dataset.pictureFrom)) picture.hidden = false;
      if (aboutMe) aboutMe.hidden = count !== Number(aboutMe.dataset.aboutMe);
    }

    function put(statement) {
      shown = statement;
      isPaused = false;
      field("statement").value = statement.id;
      words.textContent = statement.text;
      words.lang = statement.lang;
      words.dir = statement.dir;
      machine.open = false;
      machine.hidden = !statement.original;
      if (statement.original) {
        original.textContent = statement.original.text;
        original.lang = statement.original.lang;
        original.dir = statement.original.dir;
      }
      all("[name=choice]").forEach((button) => {
        if (button.value === statement.own) button.setAttribute("aria-pressed", "true");
        else button.removeAttribute("aria-pressed");
      });
      all("[data-of-this]").forEach((part) => (part.hidden = true));
      find("[data-foreign]").hidden = statement.lang === document.documentElement.lang;
      if (report) report.href = report.dataset.reportUrl.replace("/0/", "/" + statement.id + "/");
      if (skip) skip.href = "?after=" + later.concat(statement).map((each) => each.id).join(",");
      if (location.search) history.replaceState(null, "", location.pathname);
      form.removeAttribute("aria-busy");
      form.hidden = false;
      pause.hidden = true;
      words.focus();
      if (next.length < FEW) refill();
    }

    function goOn() {
      const statement = next.shift() || ((isOver || isOffline()) && later.shift());
      if (statement) {
        put(statement);
        return;
      }
      if (isOver && !own().length) {
        location.assign(form.dataset.finish);
        return;
      }
      if (!isPaused) {
        isPaused = true;
        form.setAttribute("aria-busy", "true");
        setTimeout(showPause, isOffline() ? 0 : MOMENT);
      }
      refill();
    }

    function showPause() {
      if (!isPaused || !pause.hidden) return;
      form.hidden = true;
      pause.hidden = false;
      pause.focus();
    }

    function take(answer) {
      answered = answer.answered;
      total = answer.total;
      const fresh = answer.next.filter((each) => !known[each.id] && !isHere(each.id));
      next = next.concat(fresh);
      ahead = next.map((each) => each.id);
      showProgress();
      return fresh.length;
    }

    function refill() {
      if (isAsking || isOver || isOffline()) return;
      isAsking = true;
      // Those that the server is to bring last: it may not know yet that they have been answered.
      const held = next.concat(later, isPaused ? [] : shown).map((each) => each.id);
      const after = own().map((vote) => vote.statement).concat(held);
      ask(form.dataset.next + "?most=" + BATCH + "&after=" + after.join(",")).then(
        (reply) => {
          isAsking = false;
          if (reply.status !== 200 || !reply.answer.next) refillIn(WAITS[1]);
          else {
            if (!take(reply.answer)) isOver = true;
            if (isPaused) goOn();
          }
        },
        () => {
          isAsking = false;
          refillIn(WAITS[1]);
        },
      );
    }

    const refillIn = (seconds) => isPaused && setTimeout(refill, seconds * 1000);

    function vote(choice) {
      keep({
        url: form.action,
        statement: shown.id,
        choice: choice,
        key: hexadecimal(8),
        code: field("code").value,
        first: !known[shown.id] && shown.own === undefined,
      });
      known[shown.id] = true;
      before = Object.assign({}, shown, { own: choice });
      if (last) {
        last.href = form.dataset.changeUrl.replace("about=0", "about=" + before.id);
        last.hidden = false;
      }
      find("[data-all-sent]").hidden = true;
      find("[data-refused]").hidden = true;
      showProgress();
    }

    form.addEventListener("click", (event) => {
      const button = event.target.closest("[name=choice]");
      if (!button) return;
      pressed = button;
      // The second tap of a double one would be a vote on the statement that has just come.
      if (event.detail > 1) event.preventDefault();
    });

    form.addEventListener("submit", (event) => {
      const button = event.submitter || pressed;
      if (isPaused) event.preventDefault();
      if (isPaused || !button) return;
      // Who came from their answers is led back to them by the form itself, once nothing waits before it.
      const back = field("back");
      if (back && !back.hidden && !isOffline() && !own().length) return;
      try {
        vote(button.value);
      } catch (error) {
        return; // The storage is full: the form goes out as any form.
      }
      event.preventDefault();
      sendAtOnce();
      goOn();
      show();
    });

    if (skip)
      skip.addEventListener("click", (event) => {
        if (!next.length && !isOffline()) return; // The server knows what to show.
        event.preventDefault();
        if (!known[shown.id]) later.push(shown);
        put(next.shift() || later.shift() || shown);
      });

    if (last)
      last.addEventListener("click", (event) => {
        event.preventDefault();
        last.hidden = true;
        if (!isPaused) next.unshift(shown);
        put(before);
      });

    listeners.kept.push((answer) => {
      take(answer);
      if (isPaused) goOn();
    });
    listeners.settled.push(() => {
      showProgress();
      if (isPaused) goOn();
    });
    window.addEventListener("online", refill);

    own().forEach((each) => (known[each.statement] = true));
    showProgress();
    // The server did not know yet that this one is answered.
    if (known[shown.id] && location.search.indexOf("about=") < 0) goOn();
    else refill();
  }

  // Something of one's own

  function enhanceSaying(form) {
    const field = form.querySelector("[data-letters]");
    const left = find("[data-letters-left]");
    const similar = find("[data-similar-list]");
    let timer;
    let asked = 0;

    const written = () => field.value.normalize("NFC").replace(/\s+/g, " ").trim();

    function count() {
      fill(left, { __COUNT__: Number(field.dataset.letters) - Array.from(written()).length });
    }

    function list(statements) {
      const items = similar.querySelector("ul");
      items.textContent = "";
      statements.forEach((statement) => {
        const link = document.createElement("a");
        link.href = statement.url;
        link.lang = statement.lang;
        link.dir = statement.dir;
        link.textContent = statement.text;
        const item = items.appendChild(document.createElement("li"));
        item.appendChild(link);
        if (statement.machine) {
          const mark = document.createElement("span");
          mark.className = "r-small";
          mark.textContent = items.dataset.ofMachine;
          item.appendChild(document.createTextNode(" "));
          item.appendChild(mark);
        }
      });
      similar.hidden = !statements.length;
    }

    function rest() {
      say(left.textContent);
      if (isOffline() || !similar) return;
      asked += 1;
      const number = asked;
      post(form.dataset.similar, { text: field.value }).then(
        (reply) => number === asked && reply.answer.similar && list(reply.answer.similar),
        () => null, // A hint is not worth a word when it does not come.
      );
    }

    field.addEventListener("input", () => {
      count();
      clearTimeout(timer);
      timer = setTimeout(rest, QUIET);
    });
    count();
  }

  // Whoever starts anew leaves votes that wait, or waits for them a moment.

  function watchAnew(form) {
    const warning = form.querySelector("[data-anew-warning]");
    let isSure = false;

    const go = () => {
      markGone();
      form.submit();
    };

    // Not there where people take part by a link of their own: what is sent without it would be refused.
    const allTheSame = form.querySelector("[data-all-the-same]");
    if (allTheSame) allTheSame.addEventListener("click", () => (isSure = true));
    form.addEventListener("submit", (event) => {
      if (!store || !own().length || (isSure && isOffline())) return;
      event.preventDefault();
      if (isSure) {
        go();
        return;
      }
      const enough = new Promise((resolve) => setTimeout(resolve, isOffline() ? 0 : SHORT));
      const sent = new Promise((resolve) => listeners.settled.push(resolve));
      sendAll();
      Promise.race([sent, enough]).then(() => {
        if (!own().length) go();
        else {
          warning.hidden = false;
          warning.focus();
        }
      });
    });
  }

  // Whoever withdraws everything means what still waits, too: sent later, it would bring them back.

  function watchWithdrawal(form) {
    form.addEventListener("submit", (event) => {
      if (!store || isOffline()) return;
      own().forEach((vote) => store.removeItem(vote.place));
      if (!isSending) return;
      event.preventDefault();
      listeners.settled.push(() => form.submit());
    });
  }

  // A page about one's own answers was made before those that waited had arrived.

  function reloadWhenSent() {
    if (!own().length) return;
    listeners.settled.push(() => {
      if (!own().length && find("[data-refused]").hidden) location.reload();
    });
  }

  // Any other form stays on the page while the browser knows that there is no connection.

  function stopOffline(event) {
    if (event.defaultPrevented || !isOffline() || event.target.method !== "post") return;
    event.preventDefault();
    const words = find("[data-offline]");
    words.hidden = false;
    words.focus();
  }

  takeCodeOfQueue();
  show();
  sendAll();

  window.addEventListener("online", () => {
    find("[data-offline]").hidden = true;
    failures = 0;
    sendIn(secondsUntil(notBefore));
  });
  window.addEventListener("offline", () => show());
  window.addEventListener("storage", () => show());
  // A phone stops the timers of a page that is not seen.
  document.addEventListener("visibilitychange", () => document.hidden || sendAtOnce());
  window.addEventListener("pageshow", (event) => event.persisted && sendAtOnce());
  window.addEventListener("pagehide", () => store && leaveLock());

  if (store) all("form[data-vote]").forEach(enhanceVoting);
  all("[data-reload-when-sent]").forEach(reloadWhenSent);
  all("form[data-say]").forEach(enhanceSaying);
  all("form[data-anew]").forEach(watchAnew);
  all("form[data-withdraw]").forEach(watchWithdrawal);
  document.addEventListener("submit", stopOffline);
})();
