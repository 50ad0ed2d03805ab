/* Small help on top of plain pages: nothing here is needed to use the site. */
(() => {
  "use strict";

  /* Copy: <button data-copy="text" data-copied="word to show after"> */
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  }

  /* A form that was sent once is not sent twice by an impatient second press. */
  for (const form of document.querySelectorAll("form[data-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
    window.addEventListener("pageshow", () => { sent = false; });
  }

  /* Waiting for a file: <p role="status" data-waiting="seconds" data-ready="words to show then">. Anything but this same
     waiting page in answer (the file, a fault, sign-in) is gone to; after a download the page stays, so it stops asking. */
  const waiting = document.querySelector("[data-waiting]");
  if (waiting) {
    const asking = setInterval(async () => {
      const answer = await fetch(location.href).catch(() => null);
      if (!answer) return;
      const ready = answer.headers.get("Content-Type") === "application/pdf";
      if (!ready && !answer.redirected && (await answer.text()).includes("data-waiting")) return;
      clearInterval(asking);
      if (ready) { answer.body.cancel(); waiting.textContent = waiting.dataset.ready; }
      location.assign(location.href);
    }, Number(waiting.dataset.waiting) * 1000);
  }

  /* Time-out: warn two minutes before the end; opening a page or answering the warning counts as being here. */
  const box = document.getElementById("time-out");
  if (!box) return;
  const warnBefore = 120, pingAfter = 300;
  let ends = Date.now() + Number(box.dataset.seconds) * 1000;
  let lastFocus = null;

  async function extend() {
    const answer = await fetch(box.dataset.extend, {
      method: "POST", headers: { "X-CSRFToken": box.dataset.token, "Accept": "application/json" }, redirect: "error",
    });
    if (!answer.ok) throw new Error("not extended");
    ends = Date.now() + (await answer.json()).seconds * 1000;
  }

  function close() {
    box.hidden = true;
    if (lastFocus) lastFocus.focus();
  }

  /* Any request of the page itself (autosave) moves the end on the server; such scripts call this. */
  window.addEventListener("survey:active", () => { ends = Date.now() + Number(box.dataset.limit) * 1000; });

  document.getElementById("time-out-extend").addEventListener("click", () => { extend().then(close, () => {}); });

  if (Number(box.dataset.limit) - Number(box.dataset.seconds) > pingAfter) extend().catch(() => {});

  setInterval(() => {
    const left = (ends - Date.now()) / 1000;
    if (left <= 0) { window.dispatchEvent(new Event("survey:ending")); location.assign(box.dataset.ended); return; }
    if (left <= warnBefore && box.hidden) {
      lastFocus = document.activeElement;
      box.hidden = false;
      document.getElementById("time-out-extend").focus();
    }
    if (left > warnBefore && !box.hidden) close();
  }, 5000);
})();
