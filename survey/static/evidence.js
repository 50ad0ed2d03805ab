/* Sends chosen photos one by one, so that each is short and what has arrived stays, whatever happens to the rest.
   Without this script the form sends all of them at once. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-one-by-one]");
  const status = document.getElementById("add-status"), list = document.getElementById("add-faults");
  if (!form || !status || !list) return;
  const words = form.dataset, patience = 180000;
  const inputs = [...form.querySelectorAll("input[type=file]")], button = form.querySelector("button");

  function blame(text) {
    list.append(Object.assign(document.createElement("li"), { textContent: text }));
    list.hidden = false;
  }

  async function send(file) {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("files", file, file.name);
    const answer = await fetch(form.action, {
      method: "POST", body: data, headers: { "Accept": "application/json" }, redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    if (answer.status === 401) throw new Error(words.ended);
    if (answer.status === 413) return { kept: [], faults: [file.name + words.colon + words.large] };
    const told = await answer.json();
    if (!told.kept) throw new Error(told.text || words.failed);
    window.dispatchEvent(new Event("survey:active"));
    return told;
  }

  async function sendAll(files) {
    let kept = 0, faults = 0;
    for (const [place, file] of files.entries()) {
      status.textContent = words.sending.replace("{place}", place + 1).replace("{total}", files.length);
      const told = await send(file);
      kept += told.kept.length;
      faults += told.faults.length;
      told.faults.forEach(blame);
    }
    return { kept, faults };
  }

  function showLink(kept) {
    const href = location.pathname + "?added=" + kept;
    status.replaceChildren(Object.assign(document.createElement("a"), { href, className: "tap", textContent: words.show }));
  }

  form.addEventListener("submit", async (event) => {
    const files = inputs.flatMap((input) => [...input.files]);
    if (!files.length) return;
    event.preventDefault();
    button.disabled = true;
    list.replaceChildren();
    list.hidden = true;
    try {
      const { kept, faults } = await sendAll(files);
      if (!faults) { location.assign(location.pathname + "?added=" + kept); return; }
      inputs.forEach((input) => { input.value = ""; });
      showLink(kept);
    } catch (fault) {
      status.textContent = "";
      blame(fault.name === "Error" ? fault.message : words.failed);
    }
    button.disabled = false;
  });
})();
