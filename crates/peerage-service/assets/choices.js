// Choices: what somebody has chosen stays chosen while a live part changes around it. What can no longer be chosen is withdrawn, in
// words, and nothing else is chosen in its place.
"use strict";

const choices = (() => {
  /** Withdrawn choices by their group: the value, how it read, and the paragraph that says so. */
  const withdrawn = new Map();

  const wordsIn = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const groupOf = (radio) => `${radio.form.getAttribute("action")} ${radio.name}`;
  const wordsOf = (radio) => {
    const label = radio.closest("label");
    return wordsIn(label?.querySelector(".option-name") ?? label);
  };

  function groupsIn(root) {
    const groups = new Map();
    for (const radio of root.querySelectorAll("form input[type=radio]")) {
      const group = groupOf(radio);
      groups.set(group, [...(groups.get(group) ?? []), radio]);
    }
    return groups;
  }

  /** What is chosen within `root`, by group; null where nothing is. */
  function of(root) {
    const chosen = new Map();
    for (const [group, radios] of groupsIn(root)) {
      const radio = radios.find((one) => one.checked && !one.disabled);
      chosen.set(group, radio ? { value: radio.value, words: wordsOf(radio) } : null);
    }
    return chosen;
  }

  /** Puts back within `root` what was chosen before it changed. A group that is new keeps the server's suggestion. */
  function keep(root, before) {
    const groups = groupsIn(root);
    for (const [group, chosen] of before) {
      const wanted = withdrawn.get(group) ?? chosen;
      const radios = groups.get(group) ?? [];
      const there = radios.find((radio) => radio.value === wanted?.value);
      for (const radio of radios) radio.checked = radio === there && !radio.disabled;
      const form = radios[0]?.form ?? root.querySelector(`form[action="${group.split(" ")[0]}"]`);
      if (!form) withdrawn.delete(group);
      else if (wanted && (!there || there.disabled)) withdraw(form, group, wanted, there);
      else allow(form, group);
    }
  }

  function withdraw(form, group, wanted, there) {
    const known = withdrawn.get(group);
    const told = known?.told ?? document.createElement("p");
    // Said aloud once, and not with each change of the page.
    if (known) told.removeAttribute("role");
    else told.setAttribute("role", "alert");
    told.className = "error withdrawn";
    const why = wordsIn(there?.closest("label").querySelector(".option-help"));
    const text = `You chose ${wanted.words}, which can no longer be chosen${why ? `: ${why}` : ""}. Choose again.`;
    if (told.textContent !== text) told.textContent = text;
    withdrawn.set(group, { ...wanted, told });
    const buttons = form.querySelectorAll("button:not([type=button])");
    for (const button of buttons) button.disabled = true;
    (buttons[0]?.closest(".actions") ?? buttons[0] ?? form.lastElementChild).before(told);
  }

  function allow(form, group) {
    const known = withdrawn.get(group);
    if (!known) return;
    withdrawn.delete(group);
    known.told.remove();
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = false;
  }

  /** Forgets what was withdrawn: an answer of the server shows how things are. */
  function forget() {
    withdrawn.clear();
  }

  /** The list behind an arrow says what is chosen in it, or what was until it was withdrawn. */
  function sayChoice(drop) {
    const chosen = drop.querySelector("input:checked:not(:disabled)");
    const radio = drop.querySelector("input[type=radio]");
    const words = chosen ? wordsOf(chosen) : radio && withdrawn.get(groupOf(radio))?.words;
    const place = drop.querySelector("[data-drop-text]");
    const text = words ?? drop.dataset.drop;
    if (place.textContent !== text) place.textContent = text;
  }

  /** Shows those of a list that match what is typed above it, and says how many. */
  function filter(field) {
    const list = document.getElementById(field.dataset.filter);
    const wanted = field.value.trim().toLowerCase();
    const options = [...list.children];
    for (const option of options) option.hidden = !option.textContent.toLowerCase().includes(wanted);
    const found = options.filter((option) => !option.hidden).length;
    const told = document.getElementById(`${list.id}-found`);
    const text = wanted === "" ? "" : found === 0 ? told.dataset.none : `${found} of ${options.length}`;
    if (told.textContent !== text) told.textContent = text;
  }

  /** How many are ticked. */
  function count() {
    for (const place of document.querySelectorAll("[data-count]")) {
      const ticked = document.querySelectorAll(`input[name="${place.dataset.count}"]:checked`).length;
      const text = ticked === 0 ? "" : `${ticked} selected`;
      if (place.textContent !== text) place.textContent = text;
    }
  }

  /** Brings what depends on choices up to date. */
  function show() {
    document.querySelectorAll("[data-drop]").forEach(sayChoice);
    document.querySelectorAll("[data-filter]").forEach((field) => field.value && filter(field));
    count();
  }

  document.addEventListener("change", (event) => {
    const radio = event.target.closest("form input[type=radio]");
    if (radio) allow(radio.form, groupOf(radio));
    show();
  });
  document.addEventListener("reset", () => setTimeout(show));
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
    if (event.target.dataset?.filter) filter(event.target);
  });

  return { of, keep, forget, show };
})();
