// Saves a form while one fills it in, and says in words how that went.
//
// The form
//   <form id="answer" method="post" action="…" data-autosave autocomplete="off" novalidate>
// holds csrfmiddlewaretoken, a hidden input with an id for the revision that the page was made from, and
// web/components/_save_state.html. "autocomplete" keeps a browser from putting an old revision back on a reload. On
// the page stands <div id="conflict" tabindex="-1"></div>, empty, inside the form or outside.
//
// The request is a POST of the whole form to its action, with the header HX-Request: true. One save of a form is on
// its way at a time: the next one waits for it, and so sends the revision that it brought back. The answers:
//   200  saved. What to put into the save state (web/components/_saved.html), and out of band the new revision
//        (<input type="hidden" … hx-swap-oob="true">) and any other part of the page that has changed.
//   422  not saved, because of what was filled in. The words for the save state; the next change is sent again.
//   409  not saved, because somebody else has saved meanwhile. What to put into #conflict, which takes the focus. No
//        new revision of the form's own: nothing more is saved by itself, and the form goes out when one sends it.
//   anything of 5xx, 429, or no answer: tried again, later and later.
//   anything else, and a redirect (to the sign-in): given up, with words that say so.
// What was typed stays in the page in every case.

const QUIET = 1200; // ms without typing
const WAITS = [2000, 5000, 10000, 30000]; // ms before trying again; the last one from then on

// Whoever was signed out meanwhile is sent on to a page. A page is no part to be put into another.
const isElsewhere = (xhr, path) =>
  Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname !== new URL(path, location.href).pathname;

function watch(form) {
  const state = form.querySelector("[data-save-state]");
  let changes = 0; // made on this page
  let saved = 0; // of them, known to the server
  let failures = 0; // in a row
  let outcome = "saved";
  let running = null;
  let isWaiting = false;
  let isLeaving = false;
  let timer;

  const isUnsaved = () => saved < changes;
  const say = (name) => {
    const words = form.querySelector(`template[data-save="${name}"]`);
    state.replaceChildren(words.content.cloneNode(true));
  };
  const saveIn = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  function read(xhr) {
    if (xhr.status === 0 || xhr.status === 429 || xhr.status >= 500) return xhr.status ? "fault" : "offline";
    if (isElsewhere(xhr, form.action)) return "closed";
    return { 200: "saved", 409: "conflict", 422: "refused" }[xhr.status] ?? "closed";
  }

  async function send() {
    const sent = changes;
    // A quick save is not worth a word: a screen reader would speak it between two words that one types.
    const slow = setTimeout(say, 400, "saving");
    let answer;
    const keep = (event) => {
      if (event.target === form) answer = event.detail.xhr;
    };
    form.addEventListener("htmx:afterRequest", keep);
    try {
      await htmx.ajax("POST", form.action, { source: form, target: state, swap: "innerHTML" });
    } catch {
      // No answer: htmx gives no reason, the status 0 says it.
    }
    form.removeEventListener("htmx:afterRequest", keep);
    clearTimeout(slow);

    outcome = read(answer);
    failures = ["offline", "fault"].includes(outcome) ? failures + 1 : 0;
    if (outcome === "saved") saved = sent;
    else if (outcome !== "refused") say(outcome);
    if (failures) saveIn(WAITS[Math.min(failures, WAITS.length) - 1]);
    if (outcome === "conflict") document.getElementById("conflict").focus();
  }

  const isOver = () => outcome === "conflict" || outcome === "closed";

  function save() {
    clearTimeout(timer);
    if (running) isWaiting = true;
    else if (isUnsaved() && !isOver()) {
      running = send().finally(() => {
        running = null;
        if (isWaiting && !failures) save();
        isWaiting = false;
      });
    }
  }

  async function finish() {
    save();
    while (running) await running;
  }

  form.addEventListener("input", () => {
    changes += 1;
    saveIn(QUIET);
  });
  // A choice was made, or a field was left after typing.
  form.addEventListener("change", save);

  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target === state && detail.xhr.status === 409) detail.target = document.getElementById("conflict");
  });

  // A save may have put a new button in the place of the one that was pressed, or none, where it does nothing more.
  const standing = (pressed) => {
    if (!pressed || pressed.isConnected) return pressed;
    const isAlike = ({ type, name, value }) =>
      type === "submit" && name === pressed.name && value === pressed.value;
    return [...form.elements].find(isAlike);
  };

  // The form goes out with the latest revision, and not at all while there is no connection.
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    if ((isUnsaved() || running) && !isOver()) {
      event.preventDefault();
      await finish();
      const button = standing(event.submitter);
      if (failures || isOver() || isLeaving || button === undefined) return;
      isLeaving = true;
      form.requestSubmit(button);
      return;
    }
    isLeaving = true;
  });

  // A link is followed when all is saved. Where that failed, the browser asks first.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (link.href.split("#")[0] === location.href.split("#")[0]) return;
    if (!(isUnsaved() || running) || failures || outcome !== "saved") return;
    event.preventDefault();
    await finish();
    if (!isUnsaved()) location.assign(link.href);
  });

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !isLeaving) event.preventDefault();
  });
  window.addEventListener("online", () => {
    if (failures) save();
  });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (isElsewhere(detail.xhr, detail.requestConfig.path)) detail.shouldSwap = false;
});

// What a save leaves as it is stays in its place: somebody may be about to press it.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.isEqualNode(detail.fragment.firstElementChild)) detail.shouldSwap = false;
});

// A page that the browser has kept shows an old revision.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

document.querySelectorAll("form[data-autosave]").forEach(watch);
