/* Saves a section while it is being filled in. "Saved" is shown only after the server has said so. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  const status = document.getElementById("save-status");
  if (!form || !status) return;
  const words = status.dataset;
  const pause = 1500, longest = 30000, patience = 20000;
  let timer = null, running = false, failures = 0, unsaved = false, leaving = false, stopped = false;
  let sent = null; // what is on its way; after a failure it is sent again as it was, so that nothing is stored twice

  function say(text, kind, href) {
    const link = document.createElement("a");
    status.replaceChildren(text);
    if (href) {
      Object.assign(link, { href, target: "_blank", rel: "noopener", textContent: words.signIn });
      status.append(" ", link);
    }
    status.className = "st " + kind;
  }

  function schedule(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function body() {
    const data = new FormData(form);
    data.set("then", "autosave");
    return new URLSearchParams(data).toString();
  }

  const controls = (name) => [...form.elements].filter((control) => control.name === name);
  const given = (control) => control.type === "text" || control.checked;
  const values = (name) => controls(name).filter(given).map((control) => control.value).sort();

  function put(control, now) {
    if (control.type === "text") control.value = now.find((value) => value !== "unsure") ?? "";
    else control.checked = now.includes(control.value);
  }

  /* Questions that depend on answers of this page come and go, with their numbers. The server says which. */
  function show(places) {
    for (const question of form.querySelectorAll(".q")) {
      const place = places[question.id.slice(2)];
      question.hidden = place === undefined;
      if (place !== undefined) question.querySelector(".place").textContent = place;
    }
  }

  /* What colleagues changed is shown here as well. Where this person has just changed the same thing, the page keeps
     its old revision: then the next save is a conflict that people decide, not an overwriting that nobody sees. */
  function accept(told) {
    const before = new URLSearchParams(sent);
    for (const [name, value] of Object.entries(told.bases)) for (const control of controls(name)) control.value = value;
    const brought = Object.entries(told.controls);
    if (brought.some(([name]) => String(values(name)) !== String(before.getAll(name).sort()))) return;
    for (const [name, now] of brought) for (const control of controls(name)) put(control, now);
    form.elements.rev.value = told.rev;
  }

  function refused(code, told) {
    if (code === 401) { say(words.ended, "st-warn", words.signInHref); schedule(longest); return; }
    stopped = true; // sending the same again would be refused again: the person decides
    say(code === 400 ? words.resend : told.message || told.title, "st-warn");
  }

  async function save() {
    if (running || stopped) return;
    running = true;
    sent ??= body();
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body: sent, redirect: "error", signal: AbortSignal.timeout(patience),
        headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error("later");
      const told = await answer.json();
      failures = 0;
      if (answer.ok) {
        const more = body() !== sent;
        accept(told);
        if (told.shown && !more) show(told.shown);
        sent = null;
        unsaved = more || told.faults > 0;
        if (more) say(words.saving, "");
        else say(told.message, told.faults ? "st-warn" : "st-ok");
        window.dispatchEvent(new Event("survey:active"));
        if (more) schedule(pause);
      } else {
        sent = null;
        refused(answer.status, told);
      }
    } catch {
      failures += 1;
      say(words.failed, "st-warn");
      schedule(Math.min(longest, 1000 * 2 ** failures));
    }
    running = false;
  }

  form.addEventListener("input", () => {
    if (!unsaved && !stopped) say(words.saving, "");
    unsaved = true;
    schedule(pause);
  });
  /* An answer on which other questions of this page depend is sent at once. */
  form.addEventListener("change", (event) => { if (event.target.closest("[data-steering]")) schedule(0); });
  form.addEventListener("submit", () => { leaving = true; stopped = true; clearTimeout(timer); });
  window.addEventListener("online", () => { if (unsaved) schedule(0); });
  window.addEventListener("survey:ending", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (unsaved && !leaving) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; stopped = false; });
})();
