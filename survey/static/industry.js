/* Offers industries while somebody types. Without it the form finds them when it is sent. */
(() => {
  "use strict";
  const input = document.getElementById("industry");
  const list = document.getElementById("industry-list");
  if (!input || !list || !input.dataset.source) return;
  let waiting = 0, asked = "";

  async function offer() {
    const text = input.value.trim();
    if (!text || text === asked) return;
    asked = text;
    const answer = await fetch(`${input.dataset.source}?q=${encodeURIComponent(text)}`, { headers: { "Accept": "application/json" } });
    if (!answer.ok || text !== input.value.trim()) return;
    const { matches } = await answer.json();
    list.replaceChildren(...matches.map(({ code, name }) => new Option(name, code)));
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => offer().catch(() => {}), 250); });
})();
