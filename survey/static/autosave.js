/* Saves a section while it is being filled in. "Saved" is shown only after the server has said so. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  const status = document.getElementById("save-status");
  if (!form || !status) return;
  const pause = 1500, longest = 30000;
  let timer = null, running = false, again = false, failures = 0, unsaved = false, leaving = false;

  function say(text, kind) {
    status.textContent = text;
    status.className = "st " + kind;
  }

  function schedule(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    if (running) { again = true; return; }
    running = true;
    again = false;
    const data = new FormData(form);
    data.set("then", "autosave");
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST", body: new URLSearchParams(data), headers: { "Accept": "application/json" }, redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.rev.value = told.rev;
        if (!again) unsaved = false;
        say(told.message, "st-ok");
        window.dispatchEvent(new Event("survey:active"));
      } else {
        say(told.message || status.dataset.failed, "st-warn");
      }
      failures = 0;
    } catch {
      failures += 1;
      say(status.dataset.failed, "st-warn");
      schedule(Math.min(longest, 2000 * 2 ** failures));
    }
    running = false;
    if (again) schedule(pause);
  }

  form.addEventListener("input", () => { unsaved = true; schedule(pause); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  window.addEventListener("survey:ending", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (unsaved && !leaving) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; });
})();
