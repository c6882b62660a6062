// The console's script, after what it needs of choices and of unsaved work. Every page works without it; with it pages are live,
// clocks count, and forms are sent in place.
"use strict";

(() => {
  const body = () => document.body;
  const main = () => document.getElementById("main");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // ---------------------------------------------------------------- Clocks: by the server's time, whatever this computer thinks.

  let ahead = Date.parse(document.documentElement.dataset.now) - Date.now();
  const now = () => Date.now() + ahead;

  function long(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, "");
  }

  function tick() {
    for (const clock of document.querySelectorAll("[data-since]")) {
      const passed = now() - Date.parse(clock.dataset.since);
      const text = long(passed);
      if (clock.textContent !== text) clock.textContent = text;
      const limited = clock.closest("[data-max]");
      if (limited) limited.classList.toggle("over", passed > Number(limited.dataset.max) * 1000);
    }
  }

  /** Moments in the time zone of whoever reads them; the day only where it is not today. */
  function localise(root) {
    const zone = document.getElementById("zone");
    const text = `Times are in your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;
    if (zone && root.querySelector("[data-moment]") && zone.textContent !== text) zone.textContent = text;
    for (const moment of root.querySelectorAll("[data-moment]:not([title])")) {
      const at = new Date(moment.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const today = at.toDateString() === new Date(now()).toDateString();
      moment.title = moment.textContent;
      moment.textContent = today
        ? at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })
        : at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    }
  }

  // ---------------------------------------------------------------- Reports: what an administrator can read of this page.

  const LEVELS = ["off", "error", "warning", "info", "debug"];
  const reports = { level: null, waiting: [], dropped: 0, sending: false };

  function report(level, event, detail) {
    if (reports.level !== null && LEVELS.indexOf(level) > LEVELS.indexOf(reports.level)) return;
    if (reports.waiting.length >= 200) {
      reports.dropped += 1;
      return;
    }
    reports.waiting.push({ level, event: String(event).slice(0, 200), detail: detail ? String(detail).slice(0, 4000) : null, at: new Date(now()).toISOString() });
  }

  async function sendReports(leaving) {
    if (reports.level === null || reports.sending || !body().dataset.events) return;
    const wanted = (entry) => LEVELS.indexOf(entry.level) <= LEVELS.indexOf(reports.level);
    reports.waiting = reports.waiting.filter(wanted);
    const entries = reports.waiting.splice(0, 50);
    if (entries.length === 0) return;
    if (reports.dropped > 0) {
      entries.push({ level: "warning", event: `${reports.dropped} reports were dropped`, detail: null, at: null });
      reports.dropped = 0;
    }
    reports.sending = true;
    try {
      const answer = await fetch("/client-log", {
        method: "POST",
        keepalive: leaving,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": body().dataset.csrf },
        body: JSON.stringify({ entries }),
      });
      if (answer.status >= 500) reports.waiting.unshift(...entries);
    } catch {
      reports.waiting.unshift(...entries);
    } finally {
      reports.sending = false;
    }
  }

  addEventListener("error", (event) => {
    report("error", event.message || "error", `${event.filename}:${event.lineno}:${event.colno}\n${event.error?.stack ?? ""}`);
  });
  addEventListener("unhandledrejection", (event) => {
    report("error", `unhandled: ${event.reason?.message ?? event.reason}`, event.reason?.stack);
  });

  // ---------------------------------------------------------------- New for old, without taking focus or what was typed.

  // An option is known by its value, or what is chosen would become another one when the list changes.
  const valueKey = (node) => (node.nodeName === "OPTION" ? `option ${node.value}` : "");
  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || valueKey(node) : "");
  const kindOf = (node) => `${node.nodeName} ${node.classList?.[0] ?? ""}`;
  const kept = { DETAILS: ["open"], FORM: ["aria-busy"], TIME: ["title"], DIALOG: ["open"] };

  /** Makes `old` what `fresh` is; a `live` change touches no choice. */
  function morph(old, fresh, live) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || keyOf(old) !== keyOf(fresh)) {
      old.replaceWith(fresh);
      return;
    }
    if (old.nodeType !== 1) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.hasAttribute("data-keep")) return;
    const sameTime = old.nodeName === "TIME" && old.dateTime === fresh.dateTime;
    const own = live && old.nodeName === "INPUT" ? ["checked"] : (kept[old.nodeName] ?? []);
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !own.includes(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !own.includes(name)) old.setAttribute(name, value);
    }
    if (!sameTime) morphChildren(old, fresh, live);
    if (!sameTime && old.nodeName === "TIME") old.removeAttribute("title");
  }

  function morphChildren(old, fresh, live) {
    const keys = new Set([...fresh.children].map(keyOf));
    for (const child of [...old.children]) {
      if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
    }
    let here = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const key = keyOf(child);
      let match = here;
      if (key) {
        match = [...old.children].find((other) => keyOf(other) === key) ?? null;
        if (match && match !== here) old.insertBefore(match, here);
      } else {
        while (match && (keyOf(match) || kindOf(match) !== kindOf(child))) match = match.nextSibling;
        // What stands between is gone, or comes later by its key. Nothing is moved: that would take the focus away.
        while (match && here !== match) {
          const next = here.nextSibling;
          if (!keyOf(here)) here.remove();
          here = next;
        }
      }
      if (match) {
        here = match.nextSibling;
        morph(match, child, live);
      } else {
        old.insertBefore(child, here);
      }
    }
    while (here) {
      const next = here.nextSibling;
      here.remove();
      here = next;
    }
  }

  /** Puts new content in place; who was on a button that is gone finds the next thing to do. */
  function put(old, fresh, live) {
    const active = document.activeElement;
    const inside = active && active !== body() && old.contains(active);
    const before = document.getElementById("state")?.dataset.state;
    const chosen = live ? choices.of(old) : null;
    if (!live) choices.forget();
    morph(old, fresh, live);
    if (live) choices.keep(old, chosen);
    const after = document.getElementById("state")?.dataset.state;
    if (before !== after) report("info", `state: ${after ?? "none"}`);
    if (inside && !active.isConnected) (main().querySelector(".primary") ?? main()).focus({ preventScroll: true });
    choices.show();
    localise(document);
    tick();
  }

  /** Whether this is the page where one signs in: then this browser is signed in no more. */
  function isSignIn(answer) {
    return answer.redirected && new URL(answer.url).pathname === "/sign-in";
  }

  /** The sign-in has ended: done when somebody has signed in again over a page with unsaved work, and never on any other. */
  async function signInEnded() {
    if (leaving) return new Promise(() => {});
    if (unsaved.any()) return unsaved.signInAgain();
    leaving = true;
    unsaved.leave(() => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`));
    return new Promise(() => {});
  }

  // ---------------------------------------------------------------- Live parts.

  const REST = 1000;
  const parts = new Map();

  function refresh(change) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const on = part.dataset.liveOn?.split(" ");
      const number = part.dataset.liveNumber;
      const everything = !change || change.what === "missed" || change.what === "link";
      if (!everything && on && !on.includes(change.what)) continue;
      if (change?.what === "places" && !on) continue;
      if (!everything && number && change.numbers && !change.numbers.includes(number)) continue;
      schedule(part.id);
    }
  }

  async function schedule(id) {
    const state = parts.get(id) ?? { busy: false, again: false };
    parts.set(id, state);
    state.again = true;
    if (state.busy) return;
    state.busy = true;
    try {
      while (state.again) {
        state.again = false;
        state.at = Date.now();
        await fetchPart(id);
        await wait(REST);
      }
    } finally {
      state.busy = false;
    }
  }

  async function fetchPart(id) {
    const part = document.getElementById(id);
    if (!part) return;
    try {
      const answer = await fetch(part.dataset.live, { headers: { "X-Peerage-Part": id, Accept: "text/html" }, cache: "no-store" });
      if (isSignIn(answer)) return await signInEnded();
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const element = fresh.getElementById(id);
      const heading = fresh.querySelector("h1")?.textContent;
      if (!part.isConnected || document.querySelector("form[aria-busy=true]")) return;
      if (element && (heading === undefined || heading === document.querySelector("h1")?.textContent)) {
        put(part, element, true);
      } else if (fresh.getElementById("main")) {
        // It has become another page.
        document.title = fresh.title;
        put(main(), fresh.getElementById("main"), true);
      }
    } catch {
      // The stream will notice, say so, and have everything fetched again.
    }
  }

  // ---------------------------------------------------------------- The stream.

  // The service speaks every 3 seconds.
  const SILENCE = 8000;
  const LONGEST = 5000;
  let leaving = false;
  let lost = null;
  let degraded = "";

  function banner() {
    const place = document.getElementById("connection");
    const text = lost ?? degraded;
    place.dataset.kind = lost ? "lost" : "degraded";
    if (place.textContent !== text) place.textContent = text;
  }

  function isLost(why) {
    if (leaving) return;
    if (lost === null) report("warning", "connection lost", why);
    lost = why;
    banner();
  }

  function isBack() {
    if (lost !== null) report("info", "connection recovered");
    lost = null;
    for (const alert of document.querySelectorAll("[data-unanswered]")) {
      // A live part shows what came of it.
      if (alert.closest("[data-live]")) alert.remove();
      else alert.textContent = "The connection is back. The service did not answer this form: check whether it worked before you repeat it.";
    }
    banner();
  }

  function isHealthy(beat) {
    ahead = Date.parse(beat.now) - Date.now();
    const before = degraded;
    if (!beat.database) {
      degraded = "The service cannot reach its database. You cannot change anything until it is back, and this page may be out of date.";
    } else if (!beat.listening) {
      degraded = "The service does not receive notifications of changes. This page may be out of date.";
    } else if (beat.down.length > 0) {
      degraded = `The link to Asterisk (${beat.down.join(", ")}) is down. Your changes are kept and reach Asterisk when it is back. Until then, calls are not shown.`;
    } else {
      degraded = "";
    }
    if (before !== degraded) report(degraded ? "warning" : "info", degraded || "all links are up again");
    if (before && !degraded) refresh();
    banner();
  }

  let places = null;

  /** What others do is told with the beat: for lists that show it, soon enough. */
  function isElsewhere(beat) {
    if (places !== null && places !== beat.places) refresh({ what: "places" });
    places = beat.places;
  }

  /** What nobody may have told, such as a telephone that went away at an Asterisk without a link, is looked for now and then by those parts that ask for it. */
  function lookAgain() {
    if (document.hidden || lost !== null) return;
    for (const part of document.querySelectorAll("[data-live-every]")) {
      const state = parts.get(part.id);
      if (Date.now() - (state?.at ?? opened) > Number(part.dataset.liveEvery) * 1000) schedule(part.id);
    }
  }

  const opened = Date.now();
  const stream = { last: document.body.dataset.event, tries: 0, heard: 0, abort: null, hurry: null, ended: false };

  function hear(name, data) {
    if (name === "hello") {
      isBack();
      stream.tries = 0;
      if (data.level) reports.level = data.level;
      isHealthy(data);
      isElsewhere(data);
      if (data.missed) refresh();
    } else if (name === "beat") {
      isHealthy(data);
      isElsewhere(data);
    } else if (name === "change") {
      refresh(data);
    } else if (name === "end") {
      report("info", `signed out: ${data.why}`);
      sendReports(true);
      stream.ended = true;
    }
  }

  async function listen() {
    stream.abort = new AbortController();
    stream.heard = Date.now();
    const headers = { Accept: "text/event-stream" };
    if (stream.last) headers["Last-Event-ID"] = stream.last;
    const answer = await fetch(body().dataset.events, { headers, cache: "no-store", signal: stream.abort.signal });
    if (answer.status === 401) return signInEnded();
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.message ?? `the service answers ${answer.status}`);
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        if (!stream.ended) throw new Error("the service ended the connection");
        stream.ended = false;
        return signInEnded();
      }
      stream.heard = Date.now();
      text += value;
      let end;
      while ((end = text.indexOf("\n\n")) >= 0) {
        const fields = Object.fromEntries(text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s, 2)));
        text = text.slice(end + 2);
        if (fields.id) stream.last = fields.id;
        if (fields.event) hear(fields.event, JSON.parse(fields.data));
      }
    }
  }

  async function keepListening() {
    while (!leaving) {
      try {
        await listen();
      } catch (error) {
        const silent = error.name === "AbortError" || error instanceof TypeError;
        isLost(
          silent
            ? "No connection to the service. This page may be out of date; it reconnects automatically."
            : `No connection to the service: ${error.message}. This page may be out of date; it reconnects automatically.`,
        );
      }
      const pause = Math.min(LONGEST, 250 * 2 ** stream.tries) * (0.5 + Math.random());
      stream.tries += 1;
      await Promise.race([wait(pause), new Promise((hurry) => (stream.hurry = hurry))]);
    }
  }

  function watchSilence() {
    if (Date.now() - stream.heard > SILENCE) stream.abort?.abort();
  }

  // ---------------------------------------------------------------- Forms: sent once, answered in place.

  /** Says beside the button what became of a form that got no page as its answer. */
  function complain(form, text, submitter) {
    const alert = document.createElement("div");
    alert.className = "alert";
    alert.dataset.script = "";
    alert.setAttribute("role", "alert");
    alert.textContent = text;
    const buttons = (submitter ?? form.querySelector("button:not([type=button])"))?.closest(".actions");
    (buttons ?? form.firstElementChild).before(alert);
    alert.scrollIntoView({ block: "nearest" });
    return alert;
  }

  let noticed;

  async function send(form, submitter) {
    const data = new FormData(form, submitter);
    const multipart = form.enctype === "multipart/form-data";
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    report("debug", `sent ${action}`);
    for (const alert of form.querySelectorAll(".alert[data-script]")) alert.remove();
    const answer = await fetch(action, {
      method: "POST",
      body: multipart ? data : new URLSearchParams(data),
      headers: { Accept: "text/html" },
    });
    if (isSignIn(answer)) {
      await signInEnded();
      return complain(form, "You are signed in again. The form was not sent: send it again.", submitter);
    }
    const kind = answer.headers.get("Content-Type") ?? "";
    if (!kind.startsWith("text/html")) {
      if (answer.ok) return unsaved.leave(() => location.reload());
      const problem = await answer.json().catch(() => ({}));
      report("warning", `refused ${action}`, problem.code);
      return complain(form, [problem.message, problem.hint].filter(Boolean).join("; ") || `The service answers ${answer.status}.`, submitter);
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = fresh.getElementById("main");
    if (!content) return unsaved.leave(() => location.reload());
    if (answer.status >= 500) {
      // The page at hand is of more use than one that only says so.
      const said = content.querySelector("[role=alert]");
      report("warning", `refused ${action}`, said?.dataset.code ?? String(answer.status));
      return complain(form, said?.innerText || said?.textContent || `The service answers ${answer.status}.`, submitter);
    }
    form.removeAttribute("aria-busy");
    show(fresh, content, answer, form, action);
  }

  function show(fresh, content, answer, form, action) {
    const to = new URL(answer.url);
    const moved = answer.redirected && to.pathname !== location.pathname;
    const refused = fresh.querySelector("#main [role=alert]");
    const heading = document.querySelector("h1")?.textContent;
    const held = unsaved.holdsWork(form);
    document.title = fresh.title;
    if (moved) {
      history.pushState(null, "", to.pathname + to.search);
      page = to.pathname + to.search;
      const bar = document.querySelector("nav.side");
      const freshBar = fresh.querySelector("nav.side");
      if (bar && freshBar) morph(bar, freshBar, false);
      main().replaceChildren(...content.childNodes);
      choices.forget();
      choices.show();
      localise(document);
      tick();
      scrollTo(0, 0);
      (main().querySelector("[autofocus]") ?? main()).focus({ preventScroll: true });
    } else {
      put(main(), content, false);
      if (answer.redirected) {
        // What was typed has arrived, so it is not kept any longer.
        unsaved.accept(form);
        if (form.isConnected) form.reset();
      } else if (held) {
        unsaved.refuse(form);
      }
      // Another page begins at its top, whatever its address.
      if (heading !== document.querySelector("h1")?.textContent) scrollTo(0, 0);
      // The same words once more are news all the same.
      const notice = document.querySelector("#notice > *");
      notice?.replaceWith(notice.cloneNode(true));
      // Seen by then, it lies over nothing any longer.
      clearTimeout(noticed);
      noticed = setTimeout(() => document.getElementById("notice")?.classList.add("seen"), 8000);
    }
    if (refused) {
      report("warning", `refused ${action}`, refused.dataset.code);
      const wrong = main().querySelector("[aria-invalid=true]") ?? main().querySelector("[role=alert]");
      wrong.tabIndex = wrong.tabIndex < 0 ? -1 : wrong.tabIndex;
      wrong.focus();
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (form.getAttribute("aria-busy") === "true" || (question && !confirm(question))) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("data-pressed", "");
    if (!("enhance" in form.dataset)) {
      // The answer to a sign-out has more to say than that the sign-in has ended.
      leaving ||= form.getAttribute("action") === "/sign-out";
      return;
    }
    event.preventDefault();
    // What was said of the action before is not to be taken for the outcome of this one.
    const notice = document.getElementById("notice");
    notice?.replaceChildren();
    notice?.classList.remove("seen");
    try {
      await send(form, event.submitter);
    } catch (error) {
      report("warning", "a form was not answered", error.message);
      const text = "The service did not answer, so it is unknown whether this worked. When the connection is back, check, and repeat it if necessary.";
      complain(form, text, event.submitter).dataset.unanswered = "";
    } finally {
      form.removeAttribute("aria-busy");
      event.submitter?.removeAttribute("data-pressed");
    }
  });

  // ---------------------------------------------------------------- Begin.

  // A link within the page is told of as a way through the history, too; only another page is loaded.
  let page = location.pathname + location.search;
  addEventListener("popstate", () => {
    if (page === location.pathname + location.search) return;
    if (unsaved.any()) location.reload();
    else unsaved.leave(() => location.reload());
  });
  addEventListener("pagehide", () => {
    leaving = true;
    sendReports(true);
    stream.abort?.abort();
  });
  addEventListener("pageshow", (event) => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
    for (const button of document.querySelectorAll("[data-pressed]")) button.removeAttribute("data-pressed");
    // A page from the browser's memory is as old as its memory.
    if (event.persisted && !unsaved.any()) location.reload();
  });
  addEventListener("online", () => stream.hurry?.());
  addEventListener("offline", () => stream.abort?.abort());

  choices.show();
  localise(document);
  tick();
  setInterval(tick, 1000);
  if (body().dataset.events) {
    report("info", `opened ${location.pathname}`, navigator.userAgent);
    keepListening();
    setInterval(watchSilence, 1000);
    setInterval(lookAgain, 5000);
    setInterval(sendReports, 5000);
  }
})();
