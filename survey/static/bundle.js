"use strict";
/* Orders of many reports: each element with data-progress (an address) shows how far its order is, and once one of them
   is no longer being made the page is loaded anew. Without script the page reloads by itself. */
(() => {
  const seconds = 3;
  const shown = (element, told) => {
    const count = element.querySelector("[data-settled]");
    const bar = element.querySelector("progress");
    if (count) count.textContent = told.settled.toLocaleString(document.documentElement.lang);
    if (bar) bar.value = told.settled;
  };
  const ask = async (element) => {
    const answer = await fetch(element.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) return true;
    if (!answer.ok) return false;
    const told = await answer.json();
    shown(element, told);
    return told.state === "making";
  };
  const asking = setInterval(async () => {
    const going = await Promise.all([...document.querySelectorAll("[data-progress]")].map(ask));
    if (going.every(Boolean)) return;
    clearInterval(asking);
    location.reload();
  }, seconds * 1000);
})();
