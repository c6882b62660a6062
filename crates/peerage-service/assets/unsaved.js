// Unsaved work: what somebody has typed is lost by no link and by no sign-in that ends without a question.
"use strict";

const unsaved = (() => {
  /** Forms whose values the server refused: what stands in them is saved nowhere. */
  const refused = new WeakSet();
  /** States in which calls of queues ring. */
  const TAKING_CALLS = ["available", "partly_paused", "ringing", "on_call", "unreachable"];
  let free = false;

  const isTyped = (field) => field.localName === "textarea" || (field.localName === "input" && !["checkbox", "radio", "hidden"].includes(field.type));

  function differs(field) {
    if (!field.name || field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (field.localName === "select") {
      const suggested = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(0, suggested);
    }
    return field.localName !== "button" && field.value !== field.defaultValue;
  }

  function holdsWork(form) {
    if (refused.has(form)) return true;
    const fields = [...form.elements];
    const changed = fields.filter(differs);
    // In a form that orders something at once, and in one that only chooses, a choice is no work.
    const chooses = "order" in form.dataset || !fields.some((field) => isTyped(field) && field.name);
    return changed.some((field) => !chooses || isTyped(field));
  }

  /** Whether a form of the page holds work that is not saved, apart from one that is just being sent. */
  function any(sent) {
    return [...document.querySelectorAll("main form")].some((form) => form !== sent && form.method === "post" && holdsWork(form));
  }

  function takesCalls() {
    return TAKING_CALLS.includes(document.getElementById("state")?.dataset.state);
  }

  /** Leaves the page on purpose. */
  function leave(go) {
    free = true;
    setTimeout(() => (free = false), 2000);
    go();
  }

  // ---------------------------------------------------------------- Dialogs.

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function open(id, title, ...content) {
    const heading = element("h2", { id: `${id}-title`, textContent: title });
    const dialog = element("dialog", { id, className: "card" }, heading, ...content);
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  /** Asks before a page with unsaved work is left. */
  function ask(go) {
    if (document.getElementById("unsaved")) return;
    const stay = element("button", { type: "button", className: "primary", textContent: "Stay", autofocus: true });
    const away = element("button", { type: "button", className: "danger", textContent: "Leave" });
    const text = element("p", { textContent: "Changes on this page are not saved. If you leave, they are lost." });
    const dialog = open("unsaved", "Leave this page?", text, element("div", { className: "actions" }, stay, away));
    stay.addEventListener("click", () => dialog.close());
    away.addEventListener("click", () => {
      dialog.close();
      leave(go);
    });
  }

  const signInPage = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const isSignIn = (answer) => new URL(answer.url).pathname === "/sign-in";

  /** Takes over what proves that this browser is signed in. */
  function adopt(page) {
    const csrf = page.body.dataset.csrf;
    if (!csrf) return false;
    document.body.dataset.csrf = csrf;
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
    return true;
  }

  let again = null;

  /** The sign-in has ended while work is unsaved: asks for the password over the page, and is done when signed in. */
  function signInAgain() {
    again ??= new Promise((done) => overlay(done)).finally(() => (again = null));
    return again;
  }

  async function overlay(done) {
    const name = document.querySelector(".who a")?.textContent.trim() ?? "";
    const why = element("p", { textContent: "You were signed out." });
    const alert = element("p", { className: "alert", hidden: true });
    alert.setAttribute("role", "alert");
    const username = element("input", { name: "username", value: name, readOnly: true, autocomplete: "username", id: "again-username" });
    const password = element("input", { name: "password", type: "password", required: true, autocomplete: "current-password", id: "again-password" });
    const field = (text, input) =>
      element("div", { className: "field" }, element("label", { htmlFor: input.id, textContent: text }), input);
    const send = element("button", { type: "submit", className: "primary", textContent: "Sign in" });
    const away = element("button", { type: "button", className: "danger", textContent: "Leave without saving" });
    const actions = element("div", { className: "actions" }, send, away);
    const form = element("form", { method: "post" }, field("User name", username), field("Password", password), actions);
    const kept = element("p", { textContent: "Sign in again to continue. What you typed on this page is still here." });
    const dialog = open("sign-in-again", "Sign in again", why, kept, alert, form);
    password.focus();
    // Without a sign-in nothing on the page works.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    away.addEventListener("click", () => leave(() => location.assign(signInPage())));

    const finish = (page) => {
      if (!adopt(page)) return leave(() => location.assign(signInPage()));
      dialog.close();
      done();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      form.setAttribute("aria-busy", "true");
      try {
        const data = new URLSearchParams(new FormData(form));
        data.set("next", location.pathname + location.search);
        const answer = await fetch("/sign-in", { method: "POST", body: data, headers: { Accept: "text/html" } });
        const page = await parsed(answer);
        if (!isSignIn(answer)) return finish(page);
        const said = page.querySelector("main [role=alert]");
        alert.textContent = said?.textContent.trim() || `The service answers ${answer.status}.`;
      } catch {
        alert.textContent = "No connection to the service. Try again.";
      } finally {
        form.removeAttribute("aria-busy");
      }
      alert.hidden = false;
      password.value = "";
      password.focus();
    });

    try {
      const answer = await fetch(signInPage(), { headers: { Accept: "text/html" }, cache: "no-store" });
      const page = await parsed(answer);
      // Another tab has signed in meanwhile.
      if (!isSignIn(answer)) return finish(page);
      why.textContent = page.querySelector("main .warning")?.textContent.trim() || why.textContent;
    } catch {
      // The form says so when it is sent.
    }
  }

  // ---------------------------------------------------------------- Ways out of the page.

  /** Whether a link leads to another page in this window. */
  function leads(link, event) {
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const here = link.origin === location.origin && link.pathname === location.pathname && link.search === location.search;
    const within = here && link.hash !== "";
    return plain && link.origin === location.origin && !link.target && !link.hasAttribute("download") && !within;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (event.defaultPrevented || !link || !leads(link, event)) return;
    if (any()) {
      event.preventDefault();
      ask(() => location.assign(link.href));
    } else {
      leave(() => {});
    }
  });
  // Forms that the browser sends by itself, and that lead away.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.closest("dialog") || "enhance" in form.dataset) return;
    if (!free && any(form)) {
      event.preventDefault();
      ask(() => form.requestSubmit(event.submitter));
    } else {
      leave(() => {});
    }
  });
  addEventListener("beforeunload", (event) => {
    // A browser asks nobody who has not touched the page.
    const isTouched = navigator.userActivation?.hasBeenActive !== false;
    if (!free && (any() || (isTouched && takesCalls()))) event.preventDefault();
  });

  return { any, leave, signInAgain, holdsWork, refuse: (form) => refused.add(form), accept: (form) => refused.delete(form) };
})();
