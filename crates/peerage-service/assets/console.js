// The console's one script. Every page works without it; with it pages are live, clocks count, and forms are sent in place.
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

  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
  const kindOf = (node) => `${node.nodeName} ${node.classList?.[0] ?? ""}`;
  const kept = { DETAILS: ["open"], FORM: ["aria-busy"], TIME: ["title"], DIALOG: ["open"] };

  function morph(old, fresh) {
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
    // Where somebody is choosing, the choice is theirs.
    const choosing = old.nodeName === "INPUT" && old.form?.contains(document.activeElement);
    const own = choosing ? ["checked"] : (kept[old.nodeName] ?? []);
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !own.includes(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !own.includes(name)) old.setAttribute(name, value);
    }
    if (!sameTime) morphChildren(old, fresh);
    if (!sameTime && old.nodeName === "TIME") old.removeAttribute("title");
  }

  function morphChildren(old, fresh) {
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
        morph(match, child);
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
  function put(old, fresh) {
    const active = document.activeElement;
    const inside = active && active !== body() && old.contains(active);
    const before = document.getElementById("state")?.dataset.state;
    morph(old, fresh);
    const after = document.getElementById("state")?.dataset.state;
    if (before !== after) report("info", `state: ${after ?? "none"}`);
    if (inside && !active.isConnected) (main().querySelector(".primary") ?? main()).focus({ preventScroll: true });
    document.querySelectorAll("[data-drop]").forEach(sayChoice);
    localise(document);
    tick();
  }

  /** The list behind an arrow says what is chosen in it. */
  function sayChoice(drop) {
    const chosen = drop.querySelector("input:checked:not(:disabled)")?.closest("label").querySelector(".option-name");
    if (chosen) drop.querySelector("[data-drop-text]").textContent = chosen.textContent.trim();
  }

  /** Whether this is the page where one signs in: then this browser is signed in no more. */
  function isSignIn(answer) {
    return answer.redirected && new URL(answer.url).pathname === "/sign-in";
  }

  function toSignIn() {
    leaving = true;
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
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
      if (isSignIn(answer)) return toSignIn();
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const element = fresh.getElementById(id);
      const heading = fresh.querySelector("h1")?.textContent;
      if (!part.isConnected || document.querySelector("form[aria-busy=true]")) return;
      if (element && (heading === undefined || heading === document.querySelector("h1")?.textContent)) {
        put(part, element);
      } else if (fresh.getElementById("main")) {
        // It has become another page.
        document.title = fresh.title;
        put(main(), fresh.getElementById("main"));
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
    banner();
  }

  function isHealthy(beat) {
    ahead = Date.parse(beat.now) - Date.now();
    const before = degraded;
    if (!beat.database) {
      degraded = "The service cannot reach its database. Nothing can be changed until it is back, and this page may be out of date.";
    } else if (!beat.listening) {
      degraded = "The service is not told of changes right now. This page may be out of date.";
    } else if (beat.down.length > 0) {
      degraded = `The link to Asterisk (${beat.down.join(", ")}) is down. What you do is kept and reaches it when it is back; calls are not seen meanwhile.`;
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
  const stream = { last: document.body.dataset.event, tries: 0, heard: 0, abort: null, hurry: null };

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
      toSignIn();
    }
  }

  async function listen() {
    stream.abort = new AbortController();
    stream.heard = Date.now();
    const headers = { Accept: "text/event-stream" };
    if (stream.last) headers["Last-Event-ID"] = stream.last;
    const answer = await fetch(body().dataset.events, { headers, cache: "no-store", signal: stream.abort.signal });
    if (answer.status === 401) return toSignIn();
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.message ?? `the service answers ${answer.status}`);
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the service ended the connection");
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
            ? "No connection to the service. This page may be out of date; it tries again by itself."
            : `No connection to the service: ${error.message}. This page may be out of date; it tries again by itself.`,
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

  function complain(form, text) {
    let alert = form.querySelector(":scope > .alert[data-script]");
    if (!alert) {
      alert = document.createElement("div");
      alert.className = "alert";
      alert.dataset.script = "";
      alert.setAttribute("role", "alert");
      form.prepend(alert);
    }
    alert.textContent = text;
  }

  async function send(form, submitter) {
    const data = new FormData(form, submitter);
    const multipart = form.enctype === "multipart/form-data";
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    report("debug", `sent ${action}`);
    const answer = await fetch(action, {
      method: "POST",
      body: multipart ? data : new URLSearchParams(data),
      headers: { Accept: "text/html" },
    });
    if (isSignIn(answer) && !action.startsWith("/sign-")) return toSignIn();
    const kind = answer.headers.get("Content-Type") ?? "";
    if (!kind.startsWith("text/html")) {
      if (answer.ok) return location.reload();
      const problem = await answer.json().catch(() => ({}));
      report("warning", `refused ${action}`, problem.code);
      return complain(form, [problem.message, problem.hint].filter(Boolean).join("; ") || `The service answers ${answer.status}.`);
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = fresh.getElementById("main");
    if (!content) return location.reload();
    if (answer.status >= 500) {
      // The page at hand is of more use than one that only says so.
      const said = content.querySelector("[role=alert]");
      report("warning", `refused ${action}`, said?.dataset.code ?? String(answer.status));
      return complain(form, said?.innerText || said?.textContent || `The service answers ${answer.status}.`);
    }
    form.removeAttribute("aria-busy");
    show(fresh, content, answer, form, action);
  }

  function show(fresh, content, answer, form, action) {
    const to = new URL(answer.url);
    const moved = answer.redirected && to.pathname !== location.pathname;
    const refused = fresh.querySelector("#main [role=alert]");
    document.title = fresh.title;
    if (moved) {
      history.pushState({ swapped: true }, "", to.pathname + to.search);
      const bar = document.querySelector("nav.side");
      const freshBar = fresh.querySelector("nav.side");
      if (bar && freshBar) morph(bar, freshBar);
      main().replaceChildren(...content.childNodes);
      localise(document);
      tick();
      scrollTo(0, 0);
      (main().querySelector("[autofocus]") ?? main()).focus({ preventScroll: true });
    } else {
      put(main(), content);
      // What was typed has arrived, so it is not kept any longer.
      if (answer.redirected && form.isConnected) form.reset();
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
    if (form.method !== "post") return;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (form.getAttribute("aria-busy") === "true" || (question && !confirm(question))) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    if (!("enhance" in form.dataset)) return;
    event.preventDefault();
    try {
      await send(form, event.submitter);
    } catch (error) {
      report("warning", "a form was not answered", error.message);
      complain(form, "No answer came, so it is not known whether this was done. When the connection is back, look, and repeat it if need be.");
    } finally {
      form.removeAttribute("aria-busy");
    }
  });

  // ---------------------------------------------------------------- The list behind the arrow.

  document.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop) sayChoice(drop);
  });
  document.addEventListener("click", (event) => {
    // By pointer, a choice closes the list; the arrow keys walk through it.
    if (event.detail > 0 && event.target.matches("[data-drop] input[type=radio]")) event.target.closest("details").open = false;
  });
  document.addEventListener("keydown", (event) => {
    const drop = event.key === "Escape" && event.target.closest?.("[data-drop][open]");
    if (!drop) return;
    drop.open = false;
    drop.querySelector("summary").focus();
  });
  document.addEventListener("input", (event) => {
    const list = document.getElementById(event.target.dataset?.filter ?? "");
    if (!list) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const option of list.children) option.hidden = !option.textContent.toLowerCase().includes(wanted);
  });

  // ---------------------------------------------------------------- Begin.

  addEventListener("popstate", () => location.reload());
  addEventListener("pagehide", () => {
    leaving = true;
    sendReports(true);
    stream.abort?.abort();
  });
  addEventListener("pageshow", (event) => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
    // A page from the browser's memory is as old as its memory.
    if (event.persisted) location.reload();
  });
  addEventListener("online", () => stream.hurry?.());
  addEventListener("offline", () => stream.abort?.abort());

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
